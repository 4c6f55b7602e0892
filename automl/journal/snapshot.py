"""What a journal tells at one moment, in values that a reader cannot change by accident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NoReturn

import msgspec

from automl.journal.events import (
    Drawn,
    Event,
    RequestTaken,
    Reread,
    StudyClosed,
    StudyOpened,
    TrialEnded,
    TrialPlanned,
    TrialStarted,
    TrialStopping,
)
from automl.journal.fold import StudyState
from automl.journal.told.called import Called
from automl.journal.told.standing import Standing
from automl.study.ranking.curve import Curve
from automl.study.trial import Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySnapshot:
    """A study as its journal told it at one moment; what happens later does not change it.

    Attributes:
        opened: the first opening, None while the journal is empty.
        latest: the last opening.
        closed: how the last controller ended, None while one runs or if it died.
        max_trials: the limit in force if a request changed it, else None.
        max_parallel: the same.
        trials: by id, in the order of planning.
        stops: why each trial that is being stopped is.
        answers: what became of each request that has an id, by that.
        curves: the recorded measurements of each trial's last attempt, without those of failed
            trials; None where they are not kept.
        calls: what is told of each `optimize` of the program, by its number.
    """

    opened: StudyOpened | None
    latest: StudyOpened | None
    closed: StudyClosed | None
    max_trials: int | None
    max_parallel: int | None
    trials: Mapping[int, Trial]
    stops: Mapping[int, TrialStopping]
    answers: Mapping[str, RequestTaken]
    curves: Mapping[int, Curve] | None
    calls: Mapping[int, Called]

    @classmethod
    def of(cls, state: StudyState) -> StudySnapshot:
        """Return what a state holds now; its values must come from events made `read_only`."""
        return cls(
            opened=state.opened,
            latest=state.latest,
            closed=state.closed,
            max_trials=state.max_trials,
            max_parallel=state.max_parallel,
            trials=MappingProxyType(dict(state.trials)),
            stops=MappingProxyType(dict(state.stops)),
            answers=MappingProxyType(dict(state.answers)),
            curves=None if state.curves is None else MappingProxyType(dict(state.curves)),
            calls=MappingProxyType(dict(state.calls)),
        )

    @property
    def uid(self) -> str:
        """The study's own id, empty while the journal is empty."""
        return self.opened.uid if self.opened else ""


def read_only(event: Event) -> Event:  # noqa: PLR0911 - one a kind
    """Return an event whose values a reader cannot change, equal to the one given."""
    match event:
        case TrialPlanned():
            params, proposed = _fixed(event.params), _fixed(event.proposed)
            return msgspec.structs.replace(event, params=params, proposed=proposed)
        case Drawn():
            return msgspec.structs.replace(event, values=_fixed(event.values))
        case TrialStarted() if event.handle:
            return msgspec.structs.replace(event, handle=_fixed(event.handle))
        case TrialEnded() if event.metrics:
            return msgspec.structs.replace(event, metrics=_fixed(event.metrics))
        case Reread() if event.now:
            return msgspec.structs.replace(event, now=_fixed_standing(event.now))
        case StudyOpened():
            study, programs = _fixed(event.study), _fixed(event.programs)
            cells = _fixed(event.cells)
            return msgspec.structs.replace(event, study=study, programs=programs, cells=cells)
        case RequestTaken():
            request, trials = _fixed(event.request), _fixed(event.trials)
            return msgspec.structs.replace(event, request=request, trials=trials)
        case _:
            return event


def _fixed_standing(now: Standing) -> Standing:
    results = [replace(one, metrics=_fixed(one.metrics)) for one in now.results]
    return msgspec.structs.replace(now, metrics=_fixed(now.metrics), results=results)


def with_fixed_values(trial: Trial) -> Trial:
    """Return a trial of which a reader cannot change what was put together from several events.

    Its metrics may be means made anew, and its values what it asked for bit by bit.
    """
    made = {name: getattr(trial, name) for name in ("metrics", "params", "proposed", "ranges")}
    open_ = {name: one for name, one in made.items() if one and not isinstance(one, _FixedDict)}
    fixed = {name: _FixedDict(one) for name, one in open_.items()}
    return replace(trial, **fixed) if fixed else trial  # type: ignore[arg-type]


def _fixed(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return _FixedDict({key: _fixed(item) for key, item in value.items()})
    if isinstance(value, list):
        return _FixedList(_fixed(item) for item in value)
    return value


def _refuse(self: object, *_: object, **__: object) -> NoReturn:
    kind = "dict" if isinstance(self, dict) else "list"
    raise TypeError(
        f"this {kind} shows what the study's journal tells, and cannot be changed; change a copy "
        f"of it: copy.deepcopy(...)"
    )


# They are a dict and a list, and not views of such, as they are to be printed, compared, written to
# JSON and pickled as these; a copy is a plain one.
class _FixedDict(dict[str, Any]):
    __slots__ = ()

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return dict, (dict(self),)

    def __copy__(self) -> dict[str, Any]:
        return dict(self)

    def copy(self) -> dict[str, Any]:
        return dict(self)


class _FixedList(list[Any]):
    __slots__ = ()

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return list, (list(self),)

    def __copy__(self) -> list[Any]:
        return list(self)

    def copy(self) -> list[Any]:
        return list(self)
