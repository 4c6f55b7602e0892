"""A program that asks a study for trials, and tells how they ended."""

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from automl.errors import AutomlError, SpecError
from automl.functions.asking.added import added
from automl.functions.asking.asking import asking_of
from automl.functions.asking.prepared import prepared_asking
from automl.functions.asking.telling import told_by
from automl.functions.asking.trial import AskedTrial
from automl.functions.names.enums import TrialState
from automl.functions.trials.frozen_trial import FrozenTrial
from automl.inside.asked.fixed import checked, suggest_fixed
from automl.inside.asked.stand_in import AskedStandIns
from automl.inside.trial import Trial as OwnTrial
from automl.journal.folder import StudyFolder
from automl.studies.from_terminal import FROM_TERMINAL
from automl.studies.prepared import Prepared
from automl.study.trial import Trial
from automl.study.trial import TrialState as OurState

logger = logging.getLogger(__name__)

_STAND_INS = AskedStandIns()


@dataclass(frozen=True, slots=True)
class Script:
    """What a script says of the study of which it asks for trials.

    Attributes:
        study: the study.
        folder: the study's.
        keywords: returns its keywords, and whether an earlier study is kept aside.
        first: returns the combinations that come first, those that were tried too.
        shown: shows a trial by its number.
    """

    study: Any
    folder: StudyFolder
    keywords: Callable[[], tuple[Mapping[str, Any], bool]]
    first: Callable[[], Sequence[Mapping[str, Any]]]
    shown: Callable[[int], FrozenTrial]


class Caller:
    """Asks for trials of one study.

    Args:
        script: describes it.

    Attributes:
        asking: holds the study, as long as somebody keeps it.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        self._folder = script.folder
        self.asking = asking_of(script.folder)

    def asks(self) -> "Caller | AskedStandIns":
        """Return what gives trials now: trials of no study where the script is only looked at."""
        return _STAND_INS if FROM_TERMINAL.instead else self

    def ask(self, fixed_distributions: Mapping[str, Any] | None) -> AskedTrial:
        """Return a new trial, which has asked for some names already.

        Args:
            fixed_distributions: the ranges of these, as objects by name.

        Raises:
            AutomlError: there is none, or another process has the study.
            TypeError: these are no ranges by name.
            ValueError: one holds no value, or the study describes others.
        """
        ranges = checked(fixed_distributions)
        with self.asking.held(self._prepared) as study:
            call = study.ask(self._script.first(), names=ranges)
        FROM_TERMINAL.take_in(valued=False)
        with self._failed_by_errors(call.trial):
            trial = AskedTrial(call, self.asking, self._script.study)
            suggest_fixed(trial, ranges)
        return trial

    def tell(self, trial: Any, values: Any, state: Any, skip: object) -> FrozenTrial:  # noqa: ANN401
        """Take in how a trial ended; return it as it stands then.

        Args:
            trial: a trial that this study gave, or its number.
            values: what it is ranked by.
            state: how it ended; None where the values tell that.
            skip: whether one is left alone that has ended.

        Raises:
            TypeError: there is neither a trial nor a number.
            ValueError: the trial is none that can be told of, or the values are wrong.
            AutomlError: another process has the study, or it cannot be written down.
        """
        number = self._number(trial)
        if not self._folder.journal.is_file():
            raise _unknown(number)
        with self.asking.held(self._prepared) as study:
            found = study.trials.get(number)
            if found is None:
                raise _unknown(number)
            if found.state.finished and skip:
                logger.info("trial %d has ended before, as %s: it is left so", number, found.state)
                return self._script.shown(number)
            _check(found)
            told = told_by(values, state, study.names)
            study.tell(number, told.outcome, told.numbers)
        FROM_TERMINAL.take_in(valued=bool(told.numbers))
        if told.warning:
            warnings.warn(told.warning, stacklevel=3)
        return self._script.shown(number)

    def add(self, trial: Any) -> None:  # noqa: ANN401 - Optuna's own, or ours
        """Take in a trial as it ended elsewhere; one that is there already is left alone.

        Args:
            trial: what `create_trial` returns, or a trial of a study.

        Raises:
            TypeError: it is no trial.
            ValueError: it runs, or its values are not as many as there are directions.
            NotImplementedError: it has reports, and the study several directions.
            AutomlError: another process has the study, or it cannot be written down.
        """
        one, study = added(trial), self._script.study
        if one.state is TrialState.WAITING:
            study.enqueue_trial(one.params, one.attrs)
            return
        if any(one.is_like(other) for other in study.trials):
            return
        ranked = one.values if one.state is TrialState.COMPLETE else None
        told_by(ranked, one.state, study.directions)
        if one.reports and len(study.directions) > 1:
            raise NotImplementedError(
                "add_trial() takes intermediate_values with one direction, as report() does"
            )
        with self.asking.held(self._prepared) as held:
            call = held.ask((), one.params)
        with self._failed_by_errors(call.trial):
            new = AskedTrial(call, self.asking, study)
            suggest_fixed(new, one.ranges)
            for key, value in one.attrs.items():
                new.set_user_attr(key, value)
            for step, value in one.reports.items():
                new.report(value, step)
            self.tell(new, ranked, one.state, skip=False)

    def let_go(self, *, running: bool) -> None:
        """Let others have the study.

        Args:
            running: whether trials run of which an earlier program may have left something that
                is not in the journal yet.
        """
        if not self.asking.close() and running and not FROM_TERMINAL.instead:
            # What cannot go on so, is told by `optimize` itself, or may be its own to change.
            with suppress(SpecError), self.asking.held(self._prepared):
                self.asking.close()

    @contextmanager
    def _failed_by_errors(self, number: int) -> Iterator[None]:
        """Fail a new trial that nobody gets, as nobody else would ever end it."""
        try:
            yield
        except Exception:
            with suppress(AutomlError, OSError):
                self.tell(number, None, TrialState.FAIL, skip=True)
            raise

    def _prepared(self) -> Prepared:
        keywords, fresh = self._script.keywords()
        return prepared_asking(self._folder, keywords, fresh=fresh)

    def _number(self, trial: Any) -> int:  # noqa: ANN401 - whatever a user gives
        if isinstance(trial, OwnTrial):
            if trial.dir != self._folder.trial(trial.number).path:
                raise ValueError(f"{trial} is of another study, in {trial.dir}")
            return trial.number
        if isinstance(trial, bool) or not isinstance(trial, int):
            raise TypeError(f"Trial must be a trial object or trial number, got {trial!r}.")
        return trial


def _unknown(number: int) -> ValueError:
    return ValueError(f"Cannot tell for trial with number {number} since it has not been created.")


def _check(trial: Trial) -> None:
    """Refuse to be told of a trial that has ended, or is none of a program's."""
    if trial.state.finished:
        raise ValueError(f"Cannot tell of trial {trial.id}: it has ended, as {trial.state}.")
    if not trial.asked:
        raise ValueError(
            f"Cannot tell of trial {trial.id}: `optimize` runs it, and finds out how it ends."
        )
    if trial.state is not OurState.RUNNING:
        raise ValueError(f"Cannot tell of trial {trial.id}: nobody has got it yet.")
