"""A trial as its own process sees it: what an objective is called with."""

import json
import os
from typing import Any

from automl.inside.attrs import attrs_in, take_queued_attrs, write_attr
from automl.inside.calling.given import Given
from automl.inside.calling.numbers import as_number
from automl.inside.calling.words import Call
from automl.inside.drawing import Draws
from automl.inside.files import PARAMS, PROPOSED, read_text
from automl.inside.reports import Report, write_report
from automl.inside.stand_in import StudyStandIn
from automl.inside.verdict import is_to_end


class Trial(Draws):
    """One trial of a study.

    Nothing here waits for the study: what it tells is written to files in the trial's folder, and
    what it asks is read from there.

    Args:
        call: what was asked of this process.
        given: the values that it is given; read from its folder if not given.

    Attributes:
        number: the trial's, from 0.
        seed: a whole number of its own, the same if it runs again.
        dir: its folder, for whatever it writes.
        budget: how far it is to train; None in a study without a budget.
    """

    def __init__(self, call: Call, given: Given | None = None) -> None:
        proposed, learns = _proposed(given or _given_in(call.folder))
        super().__init__(call.folder, call.seed, proposed, learns=learns)
        self.number = call.trial
        self.seed = call.seed
        self.dir = call.folder
        self.budget = call.budget
        self._name = call.values[0]
        self._several = len(call.values) > 1
        self._checkpoint = call.checkpoint or f"{call.folder}/checkpoint"
        self._steps: dict[float, None] = {}
        fixed = {name: one["value"] for name, one in proposed.items() if one.get("range") is None}
        if fixed:
            take_queued_attrs(call.folder, fixed)

    def __repr__(self) -> str:
        return f"Trial(number={self.number}, params={self.params})"

    @property
    def checkpoint_dir(self) -> str:
        """A folder that is kept between the launches of the trial; it is there."""
        os.makedirs(self._checkpoint, exist_ok=True)  # noqa: PTH103 - no pathlib here
        return self._checkpoint

    @property
    def study(self) -> StudyStandIn:
        """The trial's study, to be read as its files tell, and to be stopped."""
        place, name, _, _ = self.dir.rsplit("/", 3)
        return StudyStandIn("loaded", name, place, {})

    def report(self, value: float, step: int) -> None:
        """Tell a value on the way, by which the study may end the trial early.

        Args:
            value: a number.
            step: how far the trial is, 0 or more. Of a step that comes again, the first counts.

        Raises:
            TypeError: one is no number.
            ValueError: the step is negative.
            NotImplementedError: the study has several objectives.
        """
        if self._several:
            raise NotImplementedError(
                "report() needs one objective: which of several would the study stop by?"
            )
        number, place = as_number("report: value", value), as_number("report: step", step)
        if place < 0:
            raise ValueError(f"report: step must not be negative, got {step!r}")
        if place not in self._steps:
            self._steps[place] = None
            write_report(self.dir, Report(self._name, number, place))

    def should_prune(self) -> bool:
        """Tell whether the study wants the trial to end, as far as it has said by now.

        It looks at what was reported about once a second, so that the answer may be that much
        behind. Where it is true, raise `TrialPruned`.

        Raises:
            NotImplementedError: the study has several objectives.
        """
        if self._several:
            raise NotImplementedError("should_prune() needs one objective, as report() does")
        return is_to_end(self.dir)

    def set_user_attr(self, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Note something of the trial, for whoever reads the study.

        Raises:
            TypeError: JSON has no such value.
        """
        write_attr(self.dir, key, value)

    @property
    def user_attrs(self) -> dict[str, Any]:
        """What was noted of the trial by now."""
        return attrs_in(self.dir)


def _given_in(folder: str) -> Given:
    """Return what a trial is given, by the files in its folder."""
    try:
        return Given(read_text(f"{folder}/{PROPOSED}"), ranges=True)
    except FileNotFoundError:
        # One that describes its parameters has their values alone.
        return Given(read_text(f"{folder}/{PARAMS}"), ranges=False)


def _proposed(given: Given) -> tuple[dict[str, Any], bool]:
    """Return what is proposed to a trial, and whether it may ask for other names."""
    values = json.loads(given.text)
    if given.ranges or not values:
        return values, True
    return {name: {"value": value} for name, value in values.items()}, False
