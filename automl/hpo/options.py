"""The keywords of `AutoTuner` for type checkers, and how a call is told of the others."""

import functools
import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict, TypeVar

from automl import logs
from automl.brief_errors import ensure_brief_errors
from automl.errors import SpecError
from automl.studies.from_terminal import FROM_TERMINAL
from automl.studies.given.keyword import NEEDED
from automl.studies.keywords import KEYWORDS, NAMES
from automl.studies.reading import check_names
from automl.study.budget import Budget
from automl.study.limits import EarlyStop
from automl.study.objective import Objective
from automl.study.spec import Algorithm, PrunerSpec

POSITIONAL = 6
"""So many keywords, the first ones, may be given without their names."""

_EMPTY: Mapping[str, Sequence[Any]] = {row.name: () for row in KEYWORDS if row.instead}
"""What may be left out beside another keyword, and is empty then."""

MakeT = TypeVar("MakeT", bound=Callable[..., None])
KindT = TypeVar("KindT", bound=type)


class Options(TypedDict, total=False):
    """The keywords that only have names; a test compares them with the rows of `KEYWORDS`."""

    name: str | None
    study_dir: str | os.PathLike[str] | None
    function: str | Mapping[str, Any] | None
    direction: str
    final: str
    objectives: Sequence[Objective] | None
    constraints: Sequence[str]
    rules: Sequence[str]
    algorithm: Algorithm | str | None
    start_with: Sequence[Mapping[str, Any]]
    warm_start: Sequence[object] | None
    early_stopping: bool
    pruner: PrunerSpec | str | None
    budget: Budget | None
    repeats: int
    confirm: int
    confirm_seeds: int
    earlystop: EarlyStop | None
    seed: int | None
    cwd: str | os.PathLike[str] | None
    workspace: str | Mapping[str, object] | None
    env: Mapping[str, object] | None
    secret_env: Sequence[str]
    fresh: bool
    keep: str | int
    artifacts: Sequence[str]
    on_end: str | Sequence[str] | None
    fail_fast: int | None
    grace: float | str
    max_runtime: float | str | None
    trial_timeout: float | str | None
    no_progress_timeout: float | str | None
    max_retries: int
    memory_per_trial: int | str | None
    gpus: str | Sequence[int | str] | None
    gpus_per_trial: float
    cpus_per_trial: int | None
    nice: int
    detach: bool


def takes_keywords(what: str) -> Callable[[MakeT], MakeT]:
    """Return a decorator for a method that takes the keywords of a study, and only these.

    Its signature and documentation then have all of them.

    Args:
        what: who takes them, for messages.
    """

    def decorate(make: MakeT) -> MakeT:
        @functools.wraps(make)
        def checked(self: object, *args: object, **given: object) -> None:
            ensure_brief_errors()
            logs.ensure_handler()
            if len(args) > POSITIONAL:
                raise SpecError(
                    f"{what} takes {POSITIONAL} values without a name at the most, got "
                    f"{len(args)}; name the others, as in {NAMES[POSITIONAL]}=..."
                )
            named = dict(zip(NAMES, args, strict=False))
            if twice := [name for name in named if name in given]:
                raise SpecError(f"{what} got {twice[0]}= twice; give it once", place=twice[0])
            check_names(what, [*named, *given])
            make(self, **{**_EMPTY, **named, **given})

        checked.__signature__ = _signature()  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def with_help(kind: KindT) -> KindT:
    """Add a line for each keyword to the documentation of a class that takes them."""
    lines = "\n".join(f"        {row.name}: {row.help}" for row in KEYWORDS)
    before, mark, after = (kind.__doc__ or "").partition("    Raises:\n")
    kind.__doc__ = f"{before}    Args:\n{lines}\n\n{mark}{after}"
    return kind


def with_typed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords of a script, those that were typed at a terminal in place of its own."""
    return {**given, **FROM_TERMINAL.keywords}


def _signature() -> inspect.Signature:
    kinds = inspect.Parameter
    parameters = [kinds("self", kinds.POSITIONAL_OR_KEYWORD)]
    for number, row in enumerate(KEYWORDS):
        kind = kinds.POSITIONAL_OR_KEYWORD if number < POSITIONAL else kinds.KEYWORD_ONLY
        default = kinds.empty if row.default is NEEDED else row.default
        annotation = row.kind.annotation
        parameters.append(kinds(row.name, kind, default=default, annotation=annotation))
    return inspect.Signature(parameters)
