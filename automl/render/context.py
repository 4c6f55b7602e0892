"""What a template may ask for, and how a value becomes text."""

import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from automl.render.number_words import float_word
from automl.render.values.overrides import Overrides, overrides_of
from automl.render.values.paths import CWD
from automl.space.parameters import ParamValue
from automl.space.space import Params

PARAM_PREFIX = "trial.param."
FILE_PREFIX = "trial.file."


@dataclass(frozen=True, slots=True)
class TemplateContext:
    """The values of one trial that templates are filled in with.

    Args:
        trial_id: `trial.id` in templates.
        params: `trial.param.<name>` or `trial.param['<name>']`.
        trial_dir: `trial.dir`, the trial's folder.
        seed: `trial.seed`.
        study_name: `study.name`.
        study_dir: `study.dir`.
        budget: `trial.budget`, the budget to train up to; None in a study without budgets.
        previous_budget: `trial.previous_budget`, what its checkpoint has reached already, or 0.
        checkpoint_id: `trial.checkpoint_id`, the trial whose checkpoint it continues, or -1.
        checkpoint_dir: `trial.checkpoint_dir`, a folder that is kept between its launches.
        scratch: `trial.scratch`, a folder that is removed when a launch of it has ended.
        files: `trial.file.<name>`, the paths of the files that are written for the trial.
        flags: the word of each parameter that is a flag, None where it is left out: what stands
            for its placeholder where this is a word of a command by itself.
        run: how many launches of the trial have ended before.
        cwd: absolute path of the folder where the commands run.
        python: `python`, the interpreter that runs the study.
    """

    trial_id: int
    params: Params
    trial_dir: str
    seed: int
    study_name: str
    study_dir: str
    budget: float | None = None
    previous_budget: float = 0
    checkpoint_id: int = -1
    checkpoint_dir: str = ""
    scratch: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str | None] = field(default_factory=dict)
    run: int = 0
    cwd: str = ""
    python: str = field(default_factory=lambda: sys.executable or "python3")


FLAGS = "words of flags"
"""The variable that has these in expressions; no user can name it."""

PYTHON = "python"
SEED = "trial.seed"
TRIAL_DIR = "trial.dir"
STUDY_DIR = "study.dir"
BUDGET = "trial.budget"
PREVIOUS_BUDGET = "trial.previous_budget"
CHECKPOINT_ID = "trial.checkpoint_id"
CHECKPOINT_DIR = "trial.checkpoint_dir"
SCRATCH = "trial.scratch"
PARAMS_FILE = "trial.params_file"
PARAMS_YAML = "trial.params_yaml"
OVERRIDES = "trial.overrides"


def _params_file(context: TemplateContext) -> str:
    return f"{context.trial_dir}/params.json"


def _params_yaml(context: TemplateContext) -> str:
    return f"{context.trial_dir}/params.yaml"


def _overrides(context: TemplateContext) -> Overrides:
    return overrides_of(context.params)


_FIELDS: dict[str, Callable[[TemplateContext], object]] = {
    "trial.id": attrgetter("trial_id"),
    TRIAL_DIR: attrgetter("trial_dir"),
    SEED: attrgetter("seed"),
    BUDGET: attrgetter("budget"),
    PREVIOUS_BUDGET: attrgetter("previous_budget"),
    CHECKPOINT_ID: attrgetter("checkpoint_id"),
    CHECKPOINT_DIR: attrgetter("checkpoint_dir"),
    SCRATCH: attrgetter("scratch"),
    PARAMS_FILE: _params_file,
    PARAMS_YAML: _params_yaml,
    OVERRIDES: _overrides,
    "study.name": attrgetter("study_name"),
    STUDY_DIR: attrgetter("study_dir"),
    PYTHON: attrgetter("python"),
}


def known_names(parameter_names: Iterable[str], file_names: Iterable[str] = ()) -> list[str]:
    """Return every placeholder that can be filled in: the fixed, then files, then parameters."""
    return [
        *_FIELDS,
        *(FILE_PREFIX + name for name in file_names),
        *(PARAM_PREFIX + name for name in parameter_names),
    ]


def getter(name: str) -> Callable[[TemplateContext], object]:
    """Return a function that gives the value of one known placeholder.

    That function raises LookupError where the context lacks the parameter.
    """
    if name in _FIELDS:
        return _FIELDS[name]
    if name.startswith(FILE_PREFIX):
        file = name.removeprefix(FILE_PREFIX)
        return lambda context: context.files[file]
    parameter = name.removeprefix(PARAM_PREFIX)

    def get(context: TemplateContext) -> ParamValue:
        try:
            return context.params[parameter]
        except KeyError:
            raise LookupError(f"the trial has no parameter {parameter!r}") from None

    return get


class _ItemsView:
    """Gives values by item only, so that one named `items` or `get` is found as well."""

    __slots__ = ("__values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__values = values

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        return self.__values[name]


@dataclass(slots=True)
class _TrialView:
    id: int
    param: _ItemsView
    file: _ItemsView
    dir: str
    seed: int
    budget: float | None
    previous_budget: float
    checkpoint_id: int
    checkpoint_dir: str
    scratch: str
    params_file: str
    params_yaml: str
    overrides: Overrides


@dataclass(slots=True)
class _StudyView:
    name: str
    dir: str


def template_variables(context: TemplateContext) -> dict[str, object]:
    """Return the objects that expressions call `trial`, `study` and `python`."""
    return {
        "trial": _TrialView(
            id=context.trial_id,
            param=_ItemsView(context.params),
            file=_ItemsView(context.files),
            dir=context.trial_dir,
            seed=context.seed,
            budget=context.budget,
            previous_budget=context.previous_budget,
            checkpoint_id=context.checkpoint_id,
            checkpoint_dir=context.checkpoint_dir,
            scratch=context.scratch,
            params_file=_params_file(context),
            params_yaml=_params_yaml(context),
            overrides=_overrides(context),
        ),
        "study": _StudyView(context.study_name, context.study_dir),
        PYTHON: context.python,
        FLAGS: context.flags,
        CWD: context.cwd,
    }


def value_text(value: object) -> str:
    """Return a value as it is written into a text: lists and dicts as JSON, the rest by `str`.

    Floats are written by `float_word`, also those in lists and dicts.

    >>> value_text(1e-05), value_text(True), value_text([1e-05, "a"])
    ('0.00001', 'True', '[0.00001, "a"]')

    Raises:
        ValueError: the text would contain a NUL, or the value is no plain value.
    """
    if isinstance(value, float):
        return float_word(value)
    if isinstance(value, Overrides):
        value = str(value)
    if isinstance(value, list | tuple | dict):
        return _json_text(value)
    # An undefined value of the template engine says what was missing when it is turned into text.
    text = str(value)
    if not (value is None or isinstance(value, str | int | float)):
        raise ValueError(
            f"it gives a {type(value).__name__}, which has no text of its own; "
            "allowed: text, numbers, True, False, None, lists and dicts"
        )
    if "\0" in text:
        raise ValueError(
            f"the value {text!r} contains a NUL character, which no argument or file name can"
        )
    return text


def _json_text(value: object) -> str:
    """Return a value within a list or dict as `json.dumps` writes it, but for the floats in it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_json_text, value))}]"
    if isinstance(value, dict):
        items = [f"{json.dumps(str(key))}: {_json_text(item)}" for key, item in value.items()]
        return f"{{{', '.join(items)}}}"
    if isinstance(value, float) and math.isfinite(value):
        return float_word(value)
    return json.dumps(value)
