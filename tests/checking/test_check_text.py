"""A report as it is shown: the verdict first, 80 columns, nothing cut that is to be pasted."""

import dataclasses
import io
import json
import math

import pytest

from automl.readers.sighting import Sighting
from automl.studies.checking.end import End, EndedBy
from automl.studies.checking.judging.doubts import Doubt
from automl.studies.checking.judging.number_lines import NumberLine
from automl.studies.checking.judging.remedy import Remedy
from automl.studies.checking.judging.report import Found, Report, Verdict
from automl.studies.checking.names import Names
from automl.studies.checking.plan import Plan
from automl.studies.checking.running.seen import Point
from automl.studies.checking.shown.document import document_of
from automl.studies.checking.shown.live import SHOWN, LiveWatcher
from automl.studies.checking.shown.marks import COLOURED, PLAIN, Marks, marks_of
from automl.studies.checking.shown.text import report_text

LONG = "word " * 60
PASTED = "reader.create(type='local_reader', " + "x" * 90 + ")"
NAMES = Names(trial_dir="/t/0", study_dir="/t", outputs=("/t/0/out", "/t/0/err"), cwd="/w")


def point(value: float, line: str, start: int, step: float = math.nan) -> Point:
    span = start, start + len(str(value))
    return Point(value, step, Sighting("/t/0/out", 7, line, span, value, step))


@pytest.fixture
def whole() -> Report:
    """A report that has everything, too wide for any terminal."""
    return Report(
        verdict=Verdict.NONE,
        reason=LONG,
        next="do something",
        found=(
            Found(
                metric="acc",
                goal="maximize",
                final="last",
                count=9,
                shown=(
                    point(0.5, f"{'y' * 200} acc 0.5 {LONG}", 205, 1),
                    point(0.25, "acc 0.25", 4),
                    Point(0.75, 3, None),
                ),
            ),
            Found(metric="ms", goal="kept", final="last", count=0, shown=()),
        ),
        doubts=(Doubt("constant", LONG),),
        lines=(NumberLine("stdout", LONG),),
        remedies=(
            Remedy(
                line="acc 0.5",
                span=(4, 7),
                value=0.5,
                count=3,
                file="/a/very/long/path/to/a/file/which/nobody/can/read/train.log",
                yaml=f"metric_reader: {{{'y' * 90}}}\nobjectives: []",
                script=PASTED,
                options="--maximize acc",
            ),
        ),
        plan=Plan(
            names=NAMES,
            params={"lr": 0.123456789},
            commands=(("train", "0.1"),),
            lines=("train " + LONG,),
            cwd="/w",
            env={"DATA": "digits", "HOME": None},
            files=("{{ trial.dir }}/files/conf.yaml",),
            goes={"lr": "word 2 of cmd"},
        ),
        end=End(by=EndedBy.ITSELF, lasted_s=3.0),
    )


@pytest.mark.parametrize("marks", [PLAIN, COLOURED])
@pytest.mark.parametrize("width", [60, 80, 100])
def test_only_what_is_pasted_is_wider_than_the_terminal(
    whole: Report, marks: Marks, width: int
) -> None:
    text = report_text(whole, marks=marks, width=width)
    lines = (
        text.replace("\x1b[1;32m", "").replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()
    )
    wide = [line for line in lines if len(line) > width]
    assert all("yyyyyyyyyy}" in line or PASTED in line for line in wide)
    assert any(PASTED in line for line in lines)
    assert lines[0] == "no: a study would get no number for ms"


def test_what_there_is_stands_in_its_order(whole: Report) -> None:
    text = report_text(whole)
    parts = [
        "no: a study", "  why ", "  next     do something",
        "acc (maximize, last counts): 9 numbers",
        "acc >>0.5<<", "  stdout:7  acc >>0.25<<", "  ... 6 more ...", "  0.75 step 3",
        "ms (kept, last counts): no number", "doubtful", "readers that find numbers",
        "train.log: acc >>0.5<<", "study file  metric_reader", "script      reader.create",
        "options     --maximize acc", "what ran", "command  train", "sets     DATA=digits",
        "without HOME", "file     {{ trial.dir }}/files/conf.yaml",
        "value    lr=0.123457: word 2 of cmd",
    ]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_a_number_is_coloured_in_its_line(whole: Report) -> None:
    text = report_text(whole, marks=COLOURED)
    assert "acc \x1b[1;32m0.25\x1b[0m" in text
    assert ">>" not in text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "value", "marks"),
    [("NO_COLOR", "1", PLAIN), ("TERM", "dumb", PLAIN), ("NO_COLOR", "", COLOURED)],
)
def test_there_is_colour_on_a_terminal_that_wants_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, marks: Marks
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    assert marks_of(Terminal()) is marks
    assert marks_of(io.StringIO()) is PLAIN


def test_a_document_has_it_all(whole: Report) -> None:
    document = json.loads(json.dumps(document_of(whole)))
    assert document["verdict"] == "none"
    assert document["metrics"][0]["shown"][1] == {
        "value": 0.25,
        "step": None,
        "file": "stdout",
        "line": 7,
        "text": "acc 0.25",
        "span": [4, 8],
    }
    assert document["doubts"][0]["kind"] == "constant"
    assert document["readers"][0]["options"] == "--maximize acc"
    assert document["trial"]["commands"] == [["train", "0.1"]]
    assert document["trial"]["goes"] == {"lr": "word 2 of cmd"}


def test_the_first_numbers_are_shown_as_they_come(whole: Report) -> None:
    stream = io.StringIO()
    watcher = LiveWatcher(stream)
    watcher.began(whole.plan, 60)
    for _ in range(SHOWN + 5):
        watcher.found(whole.plan, "acc", point(0.25, "acc 0.25", 4, 2))
    lines = stream.getvalue().splitlines()
    assert lines[0] == "one trial with lr=0.123457"
    assert lines[2:-1] == ["  acc stdout:7 step 2  acc >>0.25<<"] * SHOWN
    assert lines[-1] == "  acc goes on ..."


def test_only_metrics_that_were_found_are_named(whole: Report) -> None:
    further = Found(metric="f1", goal="recorded", final="last", count=0, shown=())
    found = (*whole.found, further)
    text = report_text(dataclasses.replace(whole, found=found, verdict=Verdict.NUMBERS))
    assert text.splitlines()[0] == "yes: a study would get numbers for acc"
    assert "f1 (recorded, last counts): no number" in text
    # Nothing fails for want of it.
    text = report_text(dataclasses.replace(whole, found=found, verdict=Verdict.NONE))
    assert text.splitlines()[0] == "no: a study would get no number for ms"


@pytest.mark.parametrize(
    ("verdict", "crashed", "count", "first"),
    [
        (Verdict.NUMBERS, False, 1, "yes: a study would get numbers for acc"),
        (Verdict.NONE, True, 1, "no: the trial failed, and so may all of a study"),
        (Verdict.NONE, False, 0, "no: a study would get no number for acc"),
        (Verdict.NOT_YET, False, 0, "not yet: no number for acc in 3.0 s"),
    ],
)
def test_the_first_line_is_the_verdict(
    verdict: Verdict, *, crashed: bool, count: int, first: str
) -> None:
    report = Report(
        verdict=verdict,
        reason="so",
        next="do",
        found=(Found(metric="acc", goal="maximize", final="last", count=count, shown=()),),
        doubts=(),
        lines=(NumberLine("stdout", "epoch 1"),),
        remedies=(),
        plan=Plan(names=NAMES),
        end=End(by=EndedBy.TIME, lasted_s=3.0, crashed=crashed),
    )
    text = report_text(report)
    assert text.splitlines()[0] == first
    assert "what ran" not in text
    assert "  stdout: epoch 1" in text
    assert bool(report) is (verdict is Verdict.NUMBERS)
    assert repr(report) == f"Report({str(verdict)!r}, numbers found: acc: {count})"
