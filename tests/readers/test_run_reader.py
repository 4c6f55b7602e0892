"""The reader of what a command took."""

from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.readers.follower import Points
from automl.readers.registry import follow, make_reader
from automl.readers.run.reader import MEASURES, RunReader
from automl.study.tasks.reader import described_reader


@pytest.mark.parametrize("measure", MEASURES)
def test_a_metric_is_called_as_its_measure_if_it_has_no_name(measure: str) -> None:
    path = {"path": "out"} if measure == "size_bytes" else {}
    assert RunReader(measure=measure, **path).metric == measure
    named = RunReader(measure=measure, metric="m", **path)
    assert make_reader("run_reader", {"measure": measure, "metric": "m", **path}) == named


def test_it_is_described_whole() -> None:
    reader = RunReader(measure="size_bytes", path="out", metric="size")
    described = described_reader(reader)
    assert make_reader(described.pop("type"), described) == reader


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"measure": "seconds"}, "measure must be one of 'wall_seconds', 'cpu_seconds'"),
        ({"measure": "size_bytes"}, "path must be the file or folder that is measured"),
        ({"measure": "exit_code", "path": "out"}, "path must be left out"),
        ({"measure": "size_bytes", "path": 3}, "path must be the file or folder"),
        ({"measure": "exit_code", "metric": 3}, "metric must be a name"),
        ({"measure": ["exit_code"]}, "measure must be one of"),
        ({}, "measure"),
    ],
)
def test_what_cannot_be_measured_is_refused(options: dict[str, Any], told: str) -> None:
    with pytest.raises(SpecError, match=told):
        make_reader("run_reader", options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"measure": "size_bytes", "path": "out.zst"}, "the command left no 'out.zst'"),
        ({"measure": "wall_seconds"}, "no wall_seconds: this command did not run to its end"),
    ],
)
def test_why_there_is_no_number_is_told(tmp_path: Path, options: dict[str, Any], told: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text('{"name": "other", "value": 1, "final": true}\n')
    follower = follow(RunReader(**options), str(path))
    assert not follower.read(ended=True, limit_bytes=1000).measurements
    assert told in follower.problem()


def test_several_are_read_from_one_file_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(
        '{"name": "exit_code", "value": 3, "final": true}\n'
        '{"name": "s", "value": 0.5, "final": true}\n'
    )
    follower = follow(RunReader(measure="wall_seconds", metric="s"), str(path))
    found = follower.read(ended=True, limit_bytes=1000).measurements["s"]
    assert isinstance(found, Points)
    assert found.values == (0.5,)
