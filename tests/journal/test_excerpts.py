"""What some lines of a journal tell, without a fold over all of them."""

from pathlib import Path

import pytest

from automl.errors import JournalError
from automl.inside.ranges import float_range
from automl.journal.checksum import sealed
from automl.journal.events import (
    DRAWN_VERSION,
    VERSION,
    Drawn,
    StudyClosed,
    TrialPlanned,
    encode,
)
from automl.journal.excerpts.last_line import closing_of
from automl.journal.excerpts.one_trial import trial_in
from automl.journal.fold import fold
from automl.journal.journal import load
from automl.study.ranking.totals import BestValue, Totals

ASSETS = Path(__file__).parent / "assets"
JOURNALS = sorted(one for one in ASSETS.rglob("*.jsonl") if one.name != "control.jsonl")

TOTALS = Totals(trials=2, ended=2, failed=1, metric="acc", best=BestValue(trial=1, value=0.5))


def test_there_are_journals_of_every_form() -> None:
    assert len(JOURNALS) >= 4


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: str(path.relative_to(ASSETS)))
def test_a_trial_is_what_a_fold_over_the_whole_journal_makes_of_it(path: Path) -> None:
    state = fold(load(path)[0])
    assert state.trials
    for trial_id, trial in state.trials.items():
        assert trial_in(path, trial_id) == trial
    with pytest.raises(JournalError, match="trial 999 was never planned"):
        trial_in(path, 999)


def test_a_trial_of_which_a_line_is_damaged_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'{"event":"TrialPlanned","trial":1,"params":\n')
    with pytest.raises(JournalError, match="trial 1: it is not an event"):
        trial_in(path, 1)
    path.write_bytes(
        b'{"event":"TrialStarted","trial":1,"attempt":1,"handle":{},"v":1,"at":"2026-03-01T12:00:00Z"}\n'
    )
    with pytest.raises(JournalError, match="trial 1: 1"):
        trial_in(path, 1)


def test_a_trial_of_a_learnt_space_has_the_ranges_that_another_told(tmp_path: Path) -> None:
    opened = load(ASSETS / "v1-checksums.jsonl")[0][0]
    at, ranges = opened.at, {"x": float_range(0, 1).described()}
    events = [
        opened,
        TrialPlanned(v=VERSION, at=at, trial=0, params={}, proposed={}),
        Drawn(v=DRAWN_VERSION, at=at, trial=0, values={"x": 0.5}, ranges=ranges),
        TrialPlanned(v=VERSION, at=at, trial=1, params={}, proposed={"x": 0.25}),
        Drawn(v=DRAWN_VERSION, at=at, trial=1, values={"x": 0.25}),
    ]
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(map(encode, events)))
    for trial_id, trial in fold(events).trials.items():
        assert trial_in(path, trial_id) == trial


def journal(tmp_path: Path, reason: str = "all 2 trials have ended") -> tuple[Path, list[bytes]]:
    """Return a journal whose last controller closed it, and its lines."""
    events, _ = load(ASSETS / "v1-checksums.jsonl")
    closed = StudyClosed(v=1, at=events[-1].at, reason=reason, complete=True, totals=TOTALS)
    checksum, lines = 0, []
    for event in [*events, closed]:
        line, checksum = sealed(encode(event), checksum)
        lines.append(line)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(lines))
    return path, lines


def test_the_last_line_tells_what_has_come_of_a_study(tmp_path: Path) -> None:
    path, lines = journal(tmp_path)
    closing = closing_of(path)
    assert closing is not None
    assert (closing.totals, closing.complete) == (TOTALS, True)
    assert str(TOTALS.best) == "0.5 (trial 1)"
    assert load(path)[0][-1] == closing
    # A start that goes on, and one that was killed as it wrote its first line.
    path.write_bytes(b"".join([*lines, sealed(lines[0], 0)[0]]))
    assert closing_of(path) is None
    path.write_bytes(b"".join([*lines, lines[0][:-1]]))
    assert closing_of(path) is None


@pytest.mark.parametrize("place", [-1, -2], ids=["the last line", "the line before it"])
def test_a_last_line_is_believed_only_where_it_follows(tmp_path: Path, place: int) -> None:
    path, lines = journal(tmp_path)
    lines[place] = lines[place].replace(b'{"crc":"', b'{"crc":"0', 1)
    path.write_bytes(b"".join(lines))
    assert closing_of(path) is None


def test_a_last_line_is_not_believed_where_a_line_is_missing(tmp_path: Path) -> None:
    path, lines = journal(tmp_path)
    path.write_bytes(b"".join([*lines[:-2], lines[-1]]))
    assert closing_of(path) is None


def test_what_is_not_the_end_of_a_closed_journal_tells_nothing(tmp_path: Path) -> None:
    path, lines = journal(tmp_path)
    for content in (b"", b"\n", b"\n\n", lines[-1], b"no journal\nat all\n"):
        path.write_bytes(content)
        assert closing_of(path) is None
    # Without checksums, as in journals of an earlier release.
    assert closing_of(ASSETS / "v1.jsonl") is None
    # Its last line is longer than what is looked at.
    assert closing_of(journal(tmp_path, "long " * 9999)[0]) is None
    with pytest.raises(OSError, match="No such file"):
        closing_of(tmp_path / "none")
