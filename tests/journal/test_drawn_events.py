"""What the journal tells of a space that is learnt while the study runs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import JournalError
from automl.inside.ranges import Range, categorical_range, float_range, int_range
from automl.journal.events import (
    DRAWN_VERSION,
    VERSION,
    Drawn,
    Event,
    TrialPlanned,
    TrialRequeued,
    TrialStarted,
    decode,
    encode,
)
from automl.journal.fold import StudyState, fold
from automl.journal.told.offers import offers_of, told_offers
from automl.space.learnt import Offer

NOW = datetime(2026, 3, 1, tzinfo=UTC)
X, WIDE, KIND = float_range(0, 1), float_range(0, 2), categorical_range(["a", None, True, 1])


def planned(offers: Mapping[str, Offer], known: Mapping[str, Range], trial: int = 0) -> Event:
    values, ranges = told_offers(offers, known)
    return TrialPlanned(v=VERSION, at=NOW, trial=trial, params={}, proposed=values, ranges=ranges)


def drawn(values: dict[str, Any], ranges: Mapping[str, Range], trial: int = 0) -> Event:
    told = {name: one.described() for name, one in ranges.items()}
    return Drawn(v=DRAWN_VERSION, at=NOW, trial=trial, values=values, ranges=told)


def state_of(*events: Event) -> StudyState:
    """Return the fold of events as they are read back from the disk."""
    return fold(decode(encode(event)[:-1]) for event in events)


def test_a_trial_has_the_values_that_it_asked_for() -> None:
    first = planned({}, {})
    before = state_of(first)
    assert (before.trials[0].params, before.trials[0].proposed) == ({}, {})
    asked = drawn({"kind": None, "x": 0.5}, {"kind": KIND, "x": X})
    more = drawn({"n": 3}, {"n": int_range(1, 9)})
    trial = state_of(first, asked, more).trials[0]
    assert list(trial.params.items()) == [("kind", None), ("x", 0.5), ("n", 3)]
    assert type(trial.params["n"]) is int
    assert trial.ranges == {"kind": KIND, "x": X, "n": int_range(1, 9)}


def test_a_range_is_told_once() -> None:
    offers = {"x": Offer(0.25, X)}
    second = planned(offers, {"x": X}, trial=1)
    assert isinstance(second, TrialPlanned)
    assert not second.ranges
    first = (planned({}, {}), drawn({"x": 0.5}, {"x": X}))
    trial = state_of(*first, second, drawn({"x": 0.25}, {}, trial=1)).trials[1]
    assert trial.proposed == offers
    assert trial.ranges == {"x": X}


def test_a_proposal_may_be_from_another_range_than_the_newest() -> None:
    events = [
        planned({}, {}),
        drawn({"x": 0.5}, {"x": X}),
        planned({}, {"x": X}, trial=1),
        drawn({"x": 1.5}, {"x": WIDE}, trial=1),
        planned({"x": Offer(0.1, X), "y": Offer(7, None)}, {"x": WIDE}, trial=2),
    ]
    state = state_of(*events)
    assert state.trials[2].proposed == {"x": Offer(0.1, X), "y": Offer(7, None)}
    assert state.ranges == {"x": WIDE}


def test_another_attempt_gets_what_the_first_one_drew() -> None:
    offers = {"x": Offer(0.1, X), "y": Offer(7, None)}
    state = state_of(
        planned(offers, {}),
        TrialStarted(v=VERSION, at=NOW, trial=0, attempt=1, handle={}),
        drawn({"x": 1.5, "y": 7, "n": 3}, {"x": WIDE, "y": X, "n": int_range(1, 9)}),
        TrialRequeued(v=VERSION, at=NOW, trial=0, reason="lost"),
    )
    trial = state.trials[0]
    assert trial.offers == {
        "x": Offer(1.5, WIDE),
        "y": Offer(7, None),
        "n": Offer(3, int_range(1, 9)),
    }
    # By this a launch is found again, whatever it has asked for meanwhile.
    assert trial.planned == {"x": 0.1, "y": 7}


def test_a_study_that_describes_its_parameters_is_as_before() -> None:
    event = TrialPlanned(v=VERSION, at=NOW, trial=0, params={"n": 1})
    assert b"proposed" not in encode(event)
    trial = state_of(event).trials[0]
    assert (trial.proposed, trial.offers, trial.planned) == (None, None, {"n": 1})


@pytest.mark.parametrize(
    "event",
    [
        drawn({"x": 1}, {}),
        Drawn(v=DRAWN_VERSION, at=NOW, trial=0, values={"x": 1}, ranges={"x": {"kind": "odd"}}),
        Drawn(v=DRAWN_VERSION, at=NOW, trial=0, values={"x": 1}, ranges={"x": {}}),
    ],
)
def test_a_range_that_is_missing_or_none_is_refused(event: Event) -> None:
    with pytest.raises(JournalError, match=r"line 2.*range of 'x'"):
        state_of(planned({}, {}), event)


def test_a_proposal_without_a_range_is_refused() -> None:
    event = TrialPlanned(v=VERSION, at=NOW, trial=0, params={}, proposed={"x": 1})
    with pytest.raises(JournalError, match="range of 'x' was never told"):
        state_of(event)


def test_draws_in_another_study_are_refused() -> None:
    event = TrialPlanned(v=VERSION, at=NOW, trial=0, params={"n": 1})
    with pytest.raises(JournalError, match="not learnt"):
        state_of(event, drawn({"x": 1}, {"x": X}))


ranges = st.sampled_from([None, X, WIDE, KIND, int_range(1, 9)])


@given(
    st.dictionaries(st.text(), st.builds(Offer, st.integers() | st.none(), ranges)),
    st.dictionaries(st.text(), ranges.filter(bool)),
)
def test_offers_are_read_as_they_were_told(
    offers: dict[str, Offer], known: dict[str, Range]
) -> None:
    event = planned(offers, known)
    assert isinstance(event, TrialPlanned)
    assert offers_of(event, known) == offers
