"""Samplers that the user names by module and class."""

from __future__ import annotations

import importlib
import inspect
import json
from typing import TYPE_CHECKING, Any

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.search.optuna.library import load_optuna

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optuna.samplers import BaseSampler


def load_sampler(type_name: str, options: Mapping[str, Any]) -> tuple[type[BaseSampler], bool]:
    """Return the sampler class `package.module:Class`, and whether it takes `seed=`.

    It is made once with the options, so that a wrong one is found before the start.

    Raises:
        SpecError: there is no such module or class, it is no sampler of Optuna, it cannot be
            made with these options, or an option cannot be kept in the study's files.
    """
    kind = _sampler_class(type_name)
    if "seed" in options:
        raise SpecError(
            f"algorithm {type_name!r}: its seed follows from the study's, as a new sampler is made "
            "for each trial; leave out its option seed, and give the study a seed"
        )
    known = inspect.signature(kind).parameters
    open_ended = any(each.kind is each.VAR_KEYWORD for each in known.values())
    for option in options:
        if option not in known and not open_ended:
            raise SpecError(
                f"algorithm {type_name!r} has no option {option!r}{did_you_mean(option, known)}; "
                f"known options: {', '.join(known) or 'none'}"
            )
    try:
        json.dumps(dict(options), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise SpecError(
            f"algorithm {type_name!r}: its options must be JSON values, to be kept with the "
            f"study ({error}); write a subclass that sets the others"
        ) from error
    try:
        kind(**options)
    except Exception as error:
        raise SpecError(
            f"algorithm {type_name!r} cannot be made with the options {dict(options)!r}: "
            f"{type(error).__name__}: {error}"
        ) from error
    return kind, "seed" in known


def _sampler_class(type_name: str) -> type[BaseSampler]:
    load_optuna()
    from optuna.samplers import BaseSampler  # noqa: PLC0415

    module_name, _, class_name = type_name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except Exception as error:
        raise SpecError(
            f"algorithm {type_name!r}: module {module_name!r} cannot be imported "
            f"({type(error).__name__}: {error}); give 'package.module:Class', importable from "
            "where the study starts"
        ) from error
    found = getattr(module, class_name, None)
    if not isinstance(found, type) or not issubclass(found, BaseSampler):
        samplers = [
            name
            for name, each in vars(module).items()
            if isinstance(each, type) and issubclass(each, BaseSampler) and each is not BaseSampler
        ]
        raise SpecError(
            f"algorithm {type_name!r}: {class_name!r} in {module_name!r} is no sampler of Optuna"
            f"{did_you_mean(class_name, samplers)}; its samplers: {', '.join(samplers) or 'none'}"
        )
    return found
