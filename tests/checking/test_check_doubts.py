"""What a check warns of: each usual slip of a metric, and what to do."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from automl.readers.follower import Points
from automl.readers.sighting import Sighting
from automl.studies.checking.check import check_study
from automl.studies.checking.end import End, EndedBy
from automl.studies.checking.judging.buffering import remedy
from automl.studies.checking.judging.doubts import Doubt, doubts_of
from automl.studies.checking.judging.evidence import Evidence
from automl.studies.checking.judging.report import Report, Verdict, report_of
from automl.studies.checking.names import Names
from automl.studies.checking.plan import Plan
from automl.studies.checking.running.seen import Seen
from automl.studies.prepared import Prepared
from automl.study.tasks.task import Command

Study = Callable[..., Prepared]

WELL = End(by=EndedBy.ITSELF, lasted_s=9.0, cpu_s=5.0, first_output_s=0.1, finite=True)
CUT = End(by=EndedBy.TIME, lasted_s=60.0, cpu_s=50.0)


@pytest.fixture
def evidence(study: Study, place: Path) -> Callable[..., Evidence]:
    """Return what is known of a trial that gave some numbers, and left some output."""

    def made(  # noqa: PLR0913 - what differs between cases
        values: list[float],
        steps: list[float] | None = None,
        *,
        end: End = WELL,
        stdout: bytes = b"",
        stderr: bytes = b"",
        reader: Any = None,
        command: Command = ("./train",),
        env: Mapping[str, str | None] | None = None,
        **known: Any,
    ) -> Evidence:
        spec = study("echo {{ trial.param.x }}", *([reader] if reader else [])).spec
        folder = place / "trial"
        folder.mkdir(exist_ok=True)
        outputs = str(folder / "stdout.log"), str(folder / "stderr.log")
        for path, text in zip(outputs, (stdout, stderr), strict=True):
            Path(path).write_bytes(text)
        names = Names(trial_dir=str(folder), study_dir=str(place), outputs=outputs, cwd=str(place))
        metric = spec.objectives.metrics[0]
        seen = Seen(metric, lambda *_: None)
        places = [
            Sighting(outputs[0], number, "acc", None, value, math.nan)
            for number, value in enumerate(values, 1)
        ]
        seen.take(Points(tuple(values), tuple(steps) if steps else None), places)
        return Evidence(
            spec=spec,
            plan=Plan(names=names, commands=(command,), env=env or {}, cwd=str(place)),
            end=end,
            seen={metric: seen},
            files={metric: known.pop("file", outputs[0])},
            masked=lambda text: text,
            trial_id=3,
            **{"warnings": {}, **known},
        )

    return made


def told(one: Evidence) -> list[tuple[str, str]]:
    return [(doubt.kind, doubt.text) for doubt in doubts_of(one)]


def test_nothing_is_told_of_numbers_that_are_as_they_should_be(
    evidence: Callable[..., Evidence],
) -> None:
    assert told(evidence([0.1, 0.2, 0.2, 0.3], [1, 2, 2, 3], stdout=b"x\n")) == []
    assert told(evidence([0.1, 0.1])) == []


@pytest.mark.parametrize(
    ("values", "steps", "kind", "text"),
    [
        ([0.1] * 3, None, "constant", "acc is 0.1 in all 3 lines"),
        ([0.5, math.nan], None, "not finite", "acc is nan in line 2 of stdout"),
        ([math.inf, 1], None, "not finite", "acc is inf in line 1 of stdout"),
        ([0.1, 0.2], [5, 4], "step back", "goes back from 5 to 4 in line 2 of stdout"),
        ([0.1, 0.2, 0.3], [1, math.nan, 0.5], "", ""),
    ],
)
def test_numbers_that_may_be_wrong(
    evidence: Callable[..., Evidence],
    values: list[float],
    steps: list[float] | None,
    kind: str,
    text: str,
) -> None:
    found = told(evidence(values, steps))
    if not kind:
        assert found == []
        return
    ((found_kind, found_text),) = found
    assert found_kind == kind
    assert text in found_text


@pytest.mark.parametrize(
    ("stdout", "end", "values", "text"),
    [
        (b"", CUT, [], "used 50 s of CPU time, but its standard output is empty"),
        (b"x" * 4096, CUT, [], "comes in blocks of 4096 bytes"),
        (
            b"acc 1\nacc 2\n",
            End(by=EndedBy.ITSELF, lasted_s=9.0, finite=True),
            [1, 2],
            "all of the output came at the end, after 9.0 s",
        ),
        # It prints, does nothing, ends at once, or its metric is found elsewhere.
        (b"x" * 4095 + b"\n", CUT, [], ""),
        (b"start\n", CUT, [], ""),
        (b"", End(by=EndedBy.TIME, lasted_s=60.0, cpu_s=0.01), [], ""),
        (b"acc 1\n", End(by=EndedBy.ITSELF, lasted_s=9.0, finite=True), [1], ""),
        (b"acc 1\nacc 2\n", End(by=EndedBy.ITSELF, lasted_s=0.1, finite=True), [1, 2], ""),
        (b"", CUT, [1, 2], ""),
    ],
)
def test_a_buffered_stream(
    evidence: Callable[..., Evidence], stdout: bytes, end: End, values: list[float], text: str
) -> None:
    found = [one for kind, one in told(evidence(values, end=end, stdout=stdout))]
    if not text:
        assert found == []
        return
    assert text in found[0]
    assert "stdbuf -oL ./train" in found[0]


def test_a_metric_file_that_stays_empty(evidence: Callable[..., Evidence], place: Path) -> None:
    file = place / "metric.log"
    file.touch()
    one = evidence([], end=CUT, stdout=b"start\n", file=str(file))
    ((kind, text),) = told(one)
    assert kind == "buffered"
    assert "metric.log is there, but empty after 1 min 00 s" in text
    assert told(evidence([], end=WELL, stdout=b"start\n", file=str(file))) == []
    file.unlink()
    assert told(one) == []
    # Who looks for it in a file expects nothing to be printed.
    assert told(evidence([], end=CUT, file=str(file))) == []


@pytest.mark.parametrize(
    ("command", "env", "cure"),
    [
        (("python", "train.py"), {}, "print(..., flush=True)"),
        (("env", "A=1", "python3.11", "-m", "train"), {}, "print(..., flush=True)"),
        (("python", "train.py"), {"PYTHONUNBUFFERED": None}, "set PYTHONUNBUFFERED=1"),
        (("python", "train.py"), {"PYTHONUNBUFFERED": ""}, "set PYTHONUNBUFFERED=1"),
        (("./script",), {}, "print(..., flush=True)"),
        (("Rscript", "train.R"), {}, "flush(stdout())"),
        (("perl", "train.pl"), {}, "$| = 1"),
        (("/usr/bin/julia", "train.jl"), {}, "flush(stdout)"),
        (("nice", "-n", "5", "./train", "0.1"), {}, "stdbuf -oL nice -n 5 ./train 0.1"),
        ("./train | grep acc", {}, "grep --line-buffered"),
        ("./train | tr a b", {}, "stdbuf -oL tr"),
        ("./train 'x", {}, "stdbuf -oL"),
    ],
)
def test_what_helps_depends_on_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command, env: Any, cure: str
) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    (tmp_path / "script").write_text("#!/usr/bin/env python3\n")
    assert cure in remedy([("prepare",), command], env, str(tmp_path))


def test_what_readers_and_the_study_tell_is_told_with_its_kind(
    evidence: Callable[..., Evidence],
) -> None:
    warnings = {
        "cut number of acc": "it is cut",
        "no match yet of acc": "not yet",
        "no steps of acc": "no steps",
    }
    one = evidence([0.1], warnings=warnings, told_before=["no command uses 'y'"])
    assert list(doubts_of(one)) == [
        Doubt("cut number", "it is cut"),
        Doubt("reader", "no steps"),
        Doubt("study", "no command uses 'y'"),
    ]


def report(study: Study, cmd: Any, reader: Any) -> Report:
    return check_study(study(cmd, reader))


def test_a_pattern_that_cuts_a_number(study: Study) -> None:
    reader = {
        "type": "local_reader",
        "location": "{{ trial.dir }}/stdout.log",
        "parser_pattern": r"(\d\.\d)",
        "metric": "acc",
    }
    found = report(study, "echo acc=12.53", reader)
    assert found
    assert [one.kind for one in found.doubts] == ["cut number", "study"]
    assert "'12.53'" in found.doubts[0].text


def test_a_metric_in_the_other_stream(study: Study) -> None:
    reader = {
        "type": "local_reader",
        "location": "{{ trial.dir }}/stdout.log",
        "parser_pattern": r"acc=(\S+)",
        "metric": "acc",
    }
    found = report(study, "echo epoch 1; echo acc=0.5 >&2", reader)
    assert found.verdict is Verdict.NONE
    assert "it matches 'acc=0.5' in the trial's stderr.log" in found.reason
    assert found.remedies[0].yaml == "metric_reader: {type: stdout_reader, metric: acc}"
    assert [one.file for one in found.remedies] == ["stderr", "stderr"]


@pytest.mark.parametrize(
    ("wrote", "location"),
    [
        ("{{ trial.dir }}/log/metric.log", "{{ trial.dir }}/log/metric.log"),
        ("out/{{ trial.id }}/logs/metric.log", "out/{{ trial.id }}/logs/metric.log"),
        ("logs/metric.log", ""),
    ],
)
def test_a_metric_file_in_another_folder(study: Study, wrote: str, location: str) -> None:
    reader = {
        "type": "local_reader",
        "location": "out/{{ trial.id }}/metric.log",
        "parser_pattern": r"acc=(\S+)",
    }
    line = f"mkdir -p $(dirname {wrote}); echo acc=0.5 > {wrote}"
    found = report(study, line, reader)
    assert found.verdict is Verdict.NONE
    if location:
        assert [location in one.yaml for one in found.remedies] == [True, True]
        return
    assert found.remedies == ()
    (doubt,) = [one for one in found.doubts if one.kind == "another file"]
    assert "logs/metric.log" in doubt.text
    assert "all trials would write it" in doubt.text


def test_a_report_tells_of_the_likeliest_first(evidence: Callable[..., Evidence]) -> None:
    one = evidence([], end=CUT, told_before=["no command uses 'y'"])
    made = report_of(one)
    assert made.verdict is Verdict.NOT_YET
    assert made.next == "see what is doubtful below"
    assert [each.kind for each in made.doubts] == ["buffered", "study"]


def test_of_several_readers_one_is_proposed_in_the_form_of_a_list(study: Study) -> None:
    readers = [{"type": "stdout_reader", "metric": one} for one in ("accuracy", "memory")]
    made = study(
        "echo val_acc=0.5 mem=3",
        readers,
        objectives=[{"metric": "accuracy"}],
        constraints=["memory <= 3"],
    )
    found = check_study(made)
    local = "- {type: local_reader, location: '{{ trial.dir }}/stdout.log', parser_pattern: "
    assert [one.yaml.splitlines() for one in found.remedies[:3]] == [
        ["- {type: stdout_reader, metric: val_acc}", "- {metric: val_acc, direction: maximize}"],
        [rf"{local}val_acc=(\S+), metric: accuracy}}"],
        [rf"{local}mem=(\S+), metric: memory}}"],
    ]
    assert found.remedies[2].options == r"--pattern 'mem=(\S+)'"


@pytest.mark.parametrize(
    ("stdout", "told"),
    [
        (b"", "let the program call automl.report(value), or print its metric, as in acc=0.5"),
        (b"val_acc 0.5\n", "let the program call automl.report(value), or give it one of the"),
    ],
)
def test_what_is_to_be_reported_may_be_printed_as_well(
    stdout: bytes, told: str, evidence: Callable[..., Evidence]
) -> None:
    reader = {"type": "report_reader", "metric": "acc"}
    made = report_of(evidence([], end=replace(WELL, finite=False), reader=reader, stdout=stdout))
    assert made.next.startswith(told)
    assert made.next.endswith("and check again")
    assert bool(made.remedies) == bool(stdout)


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        ({"type": "tensorboard_reader", "location": "logs", "tag": "acc"}, "location or tag"),
        ({"type": "sqlite_reader", "location": "a.db", "query": "SELECT 1"}, "location or query"),
        ({"type": "npz_reader", "location": "a.npz"}, "location or array"),
        ({"type": "mlflow_reader", "key": "acc"}, "location or key"),
        ({"type": "function_reader", "function": "json:loads"}, "the function of its reader"),
    ],
)
def test_where_a_metric_is_not_printed_its_reader_is_to_be_corrected(
    reader: dict[str, Any], told: str, evidence: Callable[..., Evidence]
) -> None:
    made = report_of(
        evidence([], end=replace(WELL, finite=False), reader={**reader, "metric": "acc"})
    )
    assert made.next.startswith("correct the")
    assert told in made.next
