"""Locations that are patterns: what a launch makes of them, and what is told before it starts."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import SpecError
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.launch.preflight import check_commands
from automl.launch.trial_files import wait_for_tick
from automl.render.footprint import footprint
from automl.space.parameters import Categorical
from automl.space.space import SearchSpace
from automl.study.resources import Grant
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial

SPACE = SearchSpace([Categorical(name="x", candidates=["a*", "b"])])


def launcher(path: Path, location: str, **changes: Any) -> Launcher:
    folder = StudyFolder(path, "study")
    folder.create()
    reader = LocalReader(location=location, parser_pattern=PATTERN)
    task = BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=reader)
    spec = make_spec(path, tasks=(task,), space=SPACE, **changes)
    return Launcher(spec, folder, 7, "c0ffee", {"PATH": os.environ["PATH"]})


def test_values_stand_for_themselves_in_a_pattern(tmp_path: Path) -> None:
    made = launcher(tmp_path, "out/{{ trial.param.x }}/*/m.log")
    paths = made.metric_paths(Trial(id=0, params={"x": "a*"}))
    assert list(paths.values()) == [f"{tmp_path}/out/a[*]/*/m.log"]


def test_no_folder_is_made_for_a_pattern_and_no_file_moved(tmp_path: Path) -> None:
    made = launcher(tmp_path, "out/*/m.log")
    before = tmp_path / "out" / "1" / "m.log"
    before.parent.mkdir(parents=True)
    before.write_text("1")
    made.prepare(Trial(id=0, params={"x": "b"}), 1, Grant(env={}))
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["1"]
    assert before.read_text() == "1"


def test_a_file_of_that_very_name_is_moved_aside(tmp_path: Path) -> None:
    made = launcher(tmp_path, "out*.log", limits=make_spec(tmp_path).limits)
    (tmp_path / "out*.log").write_text("1")
    made.prepare(Trial(id=0, params={"x": "b"}), 1, Grant(env={}))
    assert not (tmp_path / "out*.log").exists()


def test_what_was_kept_of_an_earlier_attempt_is_set_aside(tmp_path: Path) -> None:
    made = launcher(tmp_path, "{{ trial.dir }}/*/m.log")
    trial = Trial(id=0, params={"x": "b"})
    made.prepare(trial, 1, Grant(env={}))
    kept = tmp_path / "study/trials/0/metric/1/m.log"
    kept.parent.mkdir(parents=True)
    kept.write_text("1")
    made.prepare(trial, 2, Grant(env={}))
    assert not kept.exists()
    assert (tmp_path / "study/trials/0/attempts/1/metric/1/m.log").exists()


def test_a_file_that_is_written_behind_a_note_is_newer(tmp_path: Path) -> None:
    for number in range(20):
        note, file = tmp_path / f"note{number}", tmp_path / f"file{number}"
        note.write_text("1")
        wait_for_tick(str(note))
        file.write_text("1")
        assert file.stat().st_mtime_ns > note.stat().st_mtime_ns


def test_a_clock_that_stands_still_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "note").write_text("1")
    monkeypatch.setattr(time, "clock_gettime_ns", lambda _: 0)
    wait_for_tick(str(tmp_path / "note"))


@pytest.mark.parametrize(
    ("location", "at_once", "warned"),
    [
        ("out/*/m.log", 2, True),
        ("out/*/m.log", 1, False),
        ("out/{{ trial.id }}/*/m.log", 2, False),
        ("{{ trial.dir }}/*/m.log", 2, False),
        ("out/{{ trial.param.x }}/*", 2, False),
    ],
)
def test_trials_that_may_read_each_others_files_are_told_before_the_start(
    location: str, at_once: int, *, warned: bool, tmp_path: Path
) -> None:
    spec = make_spec(tmp_path)
    limits = type(spec.limits)(max_trials=5, max_parallel=at_once)
    reader = LocalReader(location=location, parser_pattern=PATTERN)
    task = BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=reader)
    spec = make_spec(tmp_path, tasks=(task,), space=SPACE, limits=limits)
    folder = StudyFolder(tmp_path, "study")
    folder.create()
    told = check_commands(spec, Launcher(spec, folder, 7, "c0ffee", {"PATH": "/bin"}))
    assert any("may name files of several trials" in one for one in told) == warned


def test_without_a_star_a_file_that_trials_share_is_still_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="is the same file for several trials"):
        launcher(tmp_path, "out/[m].log")


def test_studies_whose_patterns_may_meet_are_known_by_one_footprint() -> None:
    def of(location: str, study: str) -> object:
        return footprint(location, cwd="/work", study_name=study, study_dir=f"/s/{study}")

    assert of("runs/*/m.json", "a") == of("runs/{{ trial.id }}/m.json", "b")
    assert of("runs/*/m.json", "a") != of("runs/{{ study.name }}/*/m.json", "b")
