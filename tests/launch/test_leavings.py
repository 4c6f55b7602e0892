"""What of a trial's folder may be removed, and the scratch folder of a launch."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import SpecError
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.space.parameters import Categorical
from automl.space.space import SearchSpace
from automl.study.ends.keep import Keep
from automl.study.resources import Grant
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Result, Stage, Trial

NOTHING = Grant(env={})
TRIAL = Trial(id=4, params={"x": 7})


def launcher(path: Path, *artifacts: str, **changes: Any) -> Launcher:
    folder = StudyFolder(path, "study")
    folder.create()
    keep = Keep(which="best", artifacts=artifacts) if artifacts else Keep()
    environ = {"PATH": os.environ["PATH"]}
    return Launcher(make_spec(path, keep=keep, **changes), folder, 7, "c0ffee", environ)


def task(*cmd: str, location: str = "{{ trial.dir }}/stdout.log") -> BashTask:
    return BashTask(cmd=cmd, metric_reader=LocalReader(location=location, parser_pattern=PATTERN))


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("{{ trial.dir }}/model*", ("model*",)),
        ("{{trial.dir}}//out/./**/*.pt", ("out", "**", "*.pt")),
        ("<<trial.dir>>/model-{{ trial.param.x }}.pt", ("model-7.pt",)),
        ("{{ trial.checkpoint_dir }}/old*", ("checkpoint", "old*")),
        ("{{ trial.checkpoint_dir }}", ("checkpoint",)),
        ("{{ study.dir }}/trials/{{ trial.id }}/model", ("model",)),
        ("{{ trial.scratch }}/x", ("scratch", "x")),
    ],
)
def test_a_pattern_is_filled_in_below_the_trials_folder(
    tmp_path: Path, pattern: str, parts: tuple[str, ...]
) -> None:
    leaving = launcher(tmp_path, pattern).leavings.of(TRIAL, artifacts=True)
    assert parts in leaving.patterns
    assert leaving.problem == ""
    assert parts not in launcher(tmp_path, pattern).leavings.of(TRIAL, artifacts=False).patterns


@pytest.mark.parametrize(
    "pattern",
    [
        "model*",
        "/elsewhere/model*",
        "{{ trial.dir }}",
        "{{ trial.dir }}/",
        "{{ trial.dir }}/.",
        "{{ trial.dir }}/../*/model",
        "{{ trial.dir }}/a/../../x",
        "{{ trial.dir }}-old/model",
        "{{ study.dir }}/trials/*/model",
        "{{ study.dir }}/journal.jsonl",
        "x{{ trial.dir }}/model",
        "",
    ],
)
def test_a_pattern_that_leads_out_of_it_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(SpecError, match=r"^artifacts: .* is not below the trial's folder"):
        launcher(tmp_path, pattern)


def test_an_unknown_placeholder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"artifacts: .*'trial.folder' is unknown"):
        launcher(tmp_path, "{{ trial.folder }}/model*")


def test_signs_of_patterns_in_a_folders_name_or_a_value_are_plain(tmp_path: Path) -> None:
    odd = tmp_path / "my [a-z]* study's"
    odd.mkdir()
    space = SearchSpace((Categorical(name="x", candidates=("a*", "b")),))
    made = launcher(odd, "{{ trial.dir }}/m-{{ trial.param.x }}", space=space)
    trial = Trial(id=4, params={"x": "a*"})
    assert made.leavings.of(trial, artifacts=True).patterns == (("m-a[*]",),)


def test_a_value_that_leads_out_of_it_is_told_and_removes_nothing(tmp_path: Path) -> None:
    made = launcher(tmp_path, "{{ trial.dir }}/{{ trial.param.x }}", "{{ trial.dir }}/model")
    leaving = made.leavings.of(Trial(id=4, params={"x": "../5/model"}), artifacts=True)
    assert leaving.patterns == (("model",),)
    assert "is not below the trial's folder" in leaving.problem


def test_what_automl_wrote_and_metric_files_are_spared(tmp_path: Path) -> None:
    tasks = (task("train", location="{{ trial.dir }}/out/metric.log"),)
    spared = launcher(tmp_path, "{{ trial.dir }}/*", tasks=tasks).leavings.of(TRIAL, artifacts=True)
    named = {"/".join(one) for one in spared.spared}
    assert named >= {"trial.sh", "params.json", "stdout.log", "stderr.log", "exit", "launch.json"}
    assert named >= {"attempts", "metric", "files", "cleanup.sh", "cleanup.log", "out/metric.log"}
    assert not named & {"checkpoint", "scratch"}


def test_the_folders_of_all_seeds_are_named(tmp_path: Path) -> None:
    made = launcher(tmp_path, "{{ trial.checkpoint_dir }}/*")
    results = (Result(stage=Stage(), value=1.0),)
    trial = Trial(id=4, params={"x": 7}, stage=Stage(seed_number=1), results=results)
    assert made.leavings.of(trial, artifacts=True).patterns == (
        ("checkpoint", "*"),
        ("checkpoint-search-1", "*"),
    )


def test_keep_needs_artifacts() -> None:
    with pytest.raises(SpecError, match="needs artifacts="):
        Keep(which="best")
    for wrong in ("bets", 0, -1, True):
        with pytest.raises(SpecError, match="keep"):
            Keep(which=wrong, artifacts=["x"])


def scratch(tmp_path: Path) -> Path:
    return tmp_path / "study" / "trials" / "4" / "scratch"


def test_a_launch_finds_an_empty_scratch_folder(tmp_path: Path) -> None:
    made = launcher(tmp_path, tasks=(task("ls", "{{ trial.scratch }}"),))
    made.prepare(TRIAL, 1, NOTHING)
    assert list(scratch(tmp_path).iterdir()) == []
    (scratch(tmp_path) / "cache").write_text("1")
    made.prepare(TRIAL, 2, NOTHING)
    (scratch(tmp_path) / "cache").write_text("2")
    made.prepare(TRIAL, 2, NOTHING)
    assert list(scratch(tmp_path).iterdir()) == []
    left = sorted(path.name for path in scratch(tmp_path).parent.glob(".scratch-*"))
    assert left == [".scratch-1", ".scratch-2"]
    assert made.leavings.of(TRIAL, artifacts=False).patterns == (("scratch",), (".scratch-*",))


def as_a_file(path: Path) -> None:
    path.write_text("")


def as_a_link(path: Path) -> None:
    path.symlink_to("/nowhere")


@pytest.mark.parametrize("made_of", [as_a_file, as_a_link])
def test_what_has_the_name_of_the_scratch_folder_makes_way(
    tmp_path: Path, made_of: Callable[[Path], None]
) -> None:
    made = launcher(tmp_path, tasks=(task("ls", "{{ trial.scratch }}"),))
    made.prepare(TRIAL, 1, NOTHING)
    scratch(tmp_path).rmdir()
    made_of(scratch(tmp_path))
    made.prepare(TRIAL, 2, NOTHING)
    assert scratch(tmp_path).is_dir()
    assert not scratch(tmp_path).is_symlink()


def test_a_script_that_is_run_by_hand_makes_it(tmp_path: Path) -> None:
    made = launcher(tmp_path, tasks=(task("touch", "{{ trial.scratch }}/made"),))
    launch = made.prepare(TRIAL, 1, NOTHING)
    scratch(tmp_path).rmdir()
    subprocess.run(["/bin/sh", launch.script], check=True)
    assert (scratch(tmp_path) / "made").exists()


def test_the_line_that_is_pasted_makes_it(tmp_path: Path) -> None:
    made = launcher(tmp_path, tasks=(task("touch", "{{ trial.scratch }}/made"),))
    made.prepare(TRIAL, 1, NOTHING)
    scratch(tmp_path).rmdir()
    subprocess.run(["/bin/sh", "-c", made.command_line(TRIAL)], check=True)
    assert (scratch(tmp_path) / "made").exists()


def test_there_is_none_where_nothing_names_it(tmp_path: Path) -> None:
    made = launcher(tmp_path)
    made.prepare(TRIAL, 1, NOTHING)
    assert not scratch(tmp_path).exists()
    assert "mkdir" not in (scratch(tmp_path).parent / "trial.sh").read_text()
    assert not made.leavings.any


def test_a_metric_file_may_be_in_it(tmp_path: Path) -> None:
    made = launcher(tmp_path, tasks=(task("train", location="{{ trial.scratch }}/metric.log"),))
    made.prepare(TRIAL, 1, NOTHING)
    leaving = made.leavings.of(TRIAL, artifacts=False)
    assert ("scratch",) in leaving.patterns
    assert not [one for one in leaving.spared if one[:1] == ("scratch",)]
