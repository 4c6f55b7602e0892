import errno
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import LaunchError, RenderError, SpecError, StorageError
from automl.journal.disk.files import is_in_the_way
from automl.journal.folder import StudyFolder
from automl.launch import folder_contents
from automl.launch import trial_files as module
from automl.launch.launch_note import Said, said_in
from automl.launch.launcher import Launcher
from automl.launch.trial_values import launch_seed
from automl.space.parameters import Categorical
from automl.space.space import SearchSpace
from automl.study.budget import Budget
from automl.study.resources import Grant, ResourceSpec
from automl.study.spec import Algorithm
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import WHOLE, Stage, Trial

NOTHING = Grant(env={})
TRIAL = Trial(id=4, params={"x": 7})


def task(
    cmd: tuple[str, ...] | str, location: str | None = "{{ trial.dir }}/stdout.log"
) -> BashTask:
    reader = LocalReader(location=location, parser_pattern=PATTERN) if location else None
    return BashTask(cmd=cmd, metric_reader=reader)


def launcher(path: Path, environ: dict[str, str] | None = None, **changes: Any) -> Launcher:
    folder = StudyFolder(path, "study")
    folder.create()
    env = {"PATH": os.environ["PATH"]} if environ is None else environ
    return Launcher(make_spec(path, **changes), folder, 7, "c0ffee", env)


def folder_of(path: Path, trial_id: int = 4) -> Path:
    return path / "study" / "trials" / str(trial_id)


def script(path: Path) -> str:
    return (folder_of(path) / "trial.sh").read_text()


def by_hand(path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", folder_of(path) / "trial.sh"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_folder_has_what_runs_and_with_which_values(tmp_path: Path) -> None:
    made = launcher(tmp_path, tasks=(task(("echo", "x={{ trial.param.x }}")),))
    launch = made.prepare(TRIAL, 1, NOTHING)
    assert json.loads((folder_of(tmp_path) / "params.json").read_text()) == {"x": 7}
    assert launch.trial_id == 4
    assert launch.script == str(folder_of(tmp_path) / "trial.sh")
    assert launch.mark == made.mark(4) == "c0ffee:4"
    done = by_hand(tmp_path)
    assert (done.returncode, done.stdout) == (0, "x=7\n")


def test_the_script_runs_by_hand_where_and_as_it_ran_here(tmp_path: Path) -> None:
    made = launcher(
        tmp_path,
        tasks=(task(("sh", "-c", "pwd; echo $A $OMP_NUM_THREADS")),),
        env={"A": "{{ trial.id }} it's"},
    )
    made.prepare(TRIAL, 1, Grant(env={"OMP_NUM_THREADS": "3"}))
    done = by_hand(tmp_path, A="other", OMP_NUM_THREADS="99")
    assert done.stdout == f"{tmp_path}\n4 it's 3\n"


def test_tasks_run_in_order_and_the_first_failure_ends_the_trial(tmp_path: Path) -> None:
    tasks = (task(("echo", "a"), None), task("echo b; exit 3"), task(("echo", "c")))
    launcher(tmp_path, tasks=tasks).prepare(TRIAL, 1, NOTHING)
    done = by_hand(tmp_path)
    assert (done.returncode, done.stdout) == (3, "a\nb\n")


def test_what_the_user_set_stays(tmp_path: Path) -> None:
    environ = {"PATH": "/bin", "OMP_NUM_THREADS": "5", "PYTHONUNBUFFERED": "", "SECRET": "s3cret"}
    launcher(tmp_path, environ).prepare(TRIAL, 1, NOTHING)
    text = script(tmp_path)
    assert "export OMP_NUM_THREADS='5'" in text
    assert "export PYTHONUNBUFFERED=''" in text
    assert re.search(r"^export PATH='(.*:)?/bin'$", text, re.MULTILINE)
    assert "s3cret" not in text


def test_a_grant_goes_into_the_launch(tmp_path: Path) -> None:
    made = launcher(
        tmp_path,
        {"CUDA_VISIBLE_DEVICES": "0"},
        resources=ResourceSpec(nice=5, memory_bytes=1000),
        env={"LATE": "1"},
    )
    grant = Grant(env={"CUDA_VISIBLE_DEVICES": "GPU-a"}, cpus=(1, 3), gpus=("GPU-a",))
    launch = made.prepare(TRIAL, 1, grant)
    assert (launch.cpus, launch.nice, launch.memory_bytes) == ((1, 3), 5, 1000)
    text = script(tmp_path)
    exports = [line for line in text.splitlines() if "CUDA_VISIBLE_DEVICES" in line]
    assert exports[-1] == "export CUDA_VISIBLE_DEVICES='GPU-a'"


@pytest.mark.parametrize(
    ("cmd", "argv"),
    [
        (("echo", "x={{ trial.param.x }}", "a b"), ("echo", "x=7", "a b")),
        ("echo {{ trial.param.x }}; exit 3", ("/bin/sh", "-c", "echo 7; exit 3")),
    ],
)
def test_one_command_can_be_started_without_its_script(
    cmd: tuple[str, ...] | str, argv: tuple[str, ...], tmp_path: Path
) -> None:
    made = launcher(
        tmp_path,
        {"PATH": "/bin", "TZ": "UTC", "SECRET": "s3cret"},
        tasks=(task(cmd),),
        env={"X": "{{ trial.param.x }}", "TZ": "CET"},
    )
    direct = made.prepare(TRIAL, 1, Grant(env={"OMP_NUM_THREADS": "2", "X": "0"})).direct
    assert direct is not None
    assert (direct.argv, direct.cwd) == (argv, str(tmp_path))
    named = dict(direct.exports)
    assert named.pop("AUTOML_TRIAL_DIR") == str(tmp_path / "study" / "trials" / "4")
    # In the script too, the last of the same name counts.
    wanted = {"TZ": "CET", "OMP_NUM_THREADS": "2", "X": "7"}
    assert named.pop("PATH").endswith("/bin")
    assert named == {"PYTHONUNBUFFERED": "1", **wanted}


def test_variables_are_those_of_each_launch(tmp_path: Path) -> None:
    made = launcher(tmp_path, env={"A": "{{ trial.id }}", "B": None})
    for trial_id, threads in ((4, "2"), (4, "2"), (4, "1"), (5, "1")):
        grant = Grant(env={"OMP_NUM_THREADS": threads})
        assert made.prepare(replace(TRIAL, id=trial_id), 1, grant).direct is None
        text = (folder_of(tmp_path, trial_id) / "trial.sh").read_text()
        assert f"export OMP_NUM_THREADS='{threads}'\n" in text
        assert f"export A='{trial_id}'\n" in text
        assert "unset B\n" in text


def test_several_commands_and_a_copied_checkpoint_need_the_script(tmp_path: Path) -> None:
    two = launcher(tmp_path, tasks=(task(("true",)), task(("true",), None)))
    assert two.prepare(TRIAL, 1, NOTHING).direct is None
    copying, trial = checkpointing(tmp_path / "copying")
    assert copying.prepare(trial, 1, NOTHING).direct is not None
    assert copying.prepare(replace(trial, source=3), 1, NOTHING).direct is None


def test_what_an_earlier_attempt_left_is_kept_aside(tmp_path: Path) -> None:
    made = launcher(tmp_path, tasks=(task(("true",), "logs/{{ trial.id }}/metric.log"),))
    made.prepare(TRIAL, 1, NOTHING)
    trial, metric = folder_of(tmp_path), tmp_path / "logs/4/metric.log"
    for path in (trial / "stdout.log", trial / "stderr.log", trial / "exit", metric):
        path.write_text(f"old {path.name}")
    made.prepare(TRIAL, 2, NOTHING)
    kept = trial / "attempts" / "1"
    assert sorted(path.name for path in kept.iterdir()) == [
        "exit",
        "metric.log",
        "stderr.log",
        "stdout.log",
    ]
    assert not metric.exists()
    assert not (trial / "exit").exists()


def test_a_stale_metric_of_before_the_study_cannot_be_read_as_new(tmp_path: Path) -> None:
    made = launcher(tmp_path, tasks=(task(("true",), "logs/{{ trial.id }}/metric.log"),))
    metric = tmp_path / "logs/4/metric.log"
    metric.parent.mkdir(parents=True)
    metric.write_text("value=9")
    made.prepare(TRIAL, 1, NOTHING)
    assert not metric.exists()
    assert (folder_of(tmp_path) / "attempts/0/metric.log").read_text() == "value=9"


def test_nothing_is_looked_for_in_a_folder_that_was_just_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def look(path: str) -> bool:
        looked.append(path)
        return is_in_the_way(path)

    monkeypatch.setattr(module, "is_in_the_way", look)
    launcher(tmp_path).prepare(TRIAL, 1, NOTHING)
    assert looked == []
    inside = str(folder_of(tmp_path) / "stdout.log")
    launcher(tmp_path).prepare(TRIAL, 2, NOTHING)
    assert inside in looked
    looked.clear()
    location = "{{ trial.dir }}/../{{ trial.id }}.log"
    made = launcher(tmp_path, tasks=(task(("true",), location),))
    (tmp_path / "study/trials/5.log").write_text("stale")
    made.prepare(Trial(id=5, params={"x": 1}), 1, NOTHING)
    assert (folder_of(tmp_path, 5) / "attempts/0/5.log").read_text() == "stale"


def test_preparing_the_same_attempt_twice_loses_nothing(tmp_path: Path) -> None:
    made = launcher(tmp_path)
    made.prepare(TRIAL, 1, NOTHING)
    for text in ("first", "second", "third"):
        (folder_of(tmp_path) / "stdout.log").write_text(text)
        made.prepare(TRIAL, 2, NOTHING)
    kept = folder_of(tmp_path) / "attempts/1"
    assert {path.read_text() for path in kept.iterdir()} == {"first", "second", "third"}


def test_the_exit_code_is_the_first_to_be_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = launcher(tmp_path)
    made.prepare(TRIAL, 1, NOTHING)
    for name in ("stdout.log", "stderr.log", "exit"):
        (folder_of(tmp_path) / name).write_text("1\n")
    moved: list[str] = []
    monkeypatch.setattr(module, "set_aside", lambda path, _: moved.append(path.name))
    made.prepare(TRIAL, 2, NOTHING)
    assert moved[0] == "exit"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StorageError),
        (errno.EDQUOT, StorageError),
        (errno.EROFS, StorageError),
        (errno.EMFILE, StorageError),
        (errno.ENAMETOOLONG, LaunchError),
        (errno.EACCES, LaunchError),
    ],
)
def test_a_full_disk_is_no_trials_fault(
    tmp_path: Path, number: int, kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = launcher(tmp_path)

    def broken(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "somewhere")

    monkeypatch.setattr(folder_contents, "write_file", broken)
    with pytest.raises(kind, match=f"trial 4: cannot write somewhere: {os.strerror(number)}"):
        made.prepare(TRIAL, 1, NOTHING)


def test_a_file_where_a_folder_must_be_fails_this_trial_only(tmp_path: Path) -> None:
    made = launcher(tmp_path, tasks=(task(("true",), "logs/{{ trial.id }}/metric.log"),))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/4").write_text("")
    with pytest.raises(LaunchError, match="trial 4"):
        made.prepare(TRIAL, 1, NOTHING)
    made.prepare(Trial(id=5, params={"x": 1}), 1, NOTHING)


def test_a_template_that_cannot_be_filled_in_fails_this_trial_only(tmp_path: Path) -> None:
    made = launcher(tmp_path, tasks=(task(("echo", "{{ 1 / trial.param.x }}")),))
    with pytest.raises(RenderError):
        made.prepare(Trial(id=0, params={"x": 0}), 1, NOTHING)
    made.prepare(TRIAL, 1, NOTHING)


def test_the_line_that_reproduces_a_trial(tmp_path: Path) -> None:
    tasks = (task(("echo", "a b", "{{ trial.param.x }}")), task("echo {{ trial.id }} | cat"))
    made = launcher(tmp_path, tasks=tasks, env={"A": "x {{ trial.id }}"})
    line = made.command_line(TRIAL, str(tmp_path))
    assert re.fullmatch(
        r"\((export|export PATH=.*) A='x 4' && env echo 'a b' 7 && \( echo 4 \| cat \)\)", line
    )
    assert f"cd {tmp_path} && export" in made.command_line(TRIAL, "/")
    assert f"cd {tmp_path} && export" in made.command_line(TRIAL)
    (tmp_path / "link").symlink_to(tmp_path)
    assert made.command_line(TRIAL, str(tmp_path / "link")) == line


def test_the_line_finds_the_python_that_the_trial_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "v/bin/python"
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "v"))
    monkeypatch.setattr(sys, "executable", str(python))
    made = launcher(tmp_path, {"PATH": "/bin"}, tasks=(task(("python", "x.py")),))
    line = made.command_line(TRIAL, str(tmp_path))
    assert line == f'PATH={python.parent}:"$PATH" python x.py'
    own = launcher(tmp_path, {}, tasks=(task(("python", "x.py")),), env={"PATH": "/mine"})
    assert own.command_line(TRIAL, str(tmp_path)) == "PATH=/mine python x.py"


def test_the_metric_is_looked_for_from_the_working_directory(tmp_path: Path) -> None:
    made = launcher(tmp_path, tasks=(task(("true",), "./logs/{{ trial.id }}.log"),))
    assert Path(made.metric_paths(TRIAL)["metric"]) == tmp_path / "logs/4.log"


def test_the_last_reader_ranks(tmp_path: Path) -> None:
    tasks = (
        task(("true",), "a{{ trial.id }}"),
        task(("true",), "b{{ trial.id }}"),
        task(("true",), None),
    )
    assert make_spec(tmp_path, tasks=tasks).reader_of("metric").location == "b{{ trial.id }}"


@pytest.mark.parametrize(
    "location",
    ["log/{{ trial.id }}", "{{ trial.dir }}/m", "<<trial.id>>.log", "log/{{ trial.param.x }}"],
)
def test_a_metric_file_of_its_own_for_each_trial(tmp_path: Path, location: str) -> None:
    launcher(tmp_path, tasks=(task(("true",), location),))


def test_a_metric_file_that_trials_share_is_refused(tmp_path: Path) -> None:
    tasks = (task(("true",), "metric.log"),)
    with pytest.raises(SpecError, match=r"same file for several trials.*trial\.id"):
        launcher(tmp_path, tasks=tasks)
    launcher(tmp_path, tasks=tasks, max_trials=1)


def test_values_do_not_tell_the_members_of_a_population_apart(tmp_path: Path) -> None:
    words = ("true", "{{ trial.budget }}", "{{ trial.checkpoint_id }}")
    fields: dict[str, Any] = {
        "algorithm": Algorithm(type="pbt"),
        "budget": Budget(name="epochs", min=1, max=9),
    }
    with pytest.raises(SpecError, match="same file for several trials"):
        launcher(tmp_path, tasks=(task(words, "log/{{ trial.param.x }}"),), **fields)
    launcher(tmp_path, tasks=(task(words, "log/{{ trial.id }}"),), **fields)


def test_one_of_two_parameters_is_not_enough_to_tell_trials_apart(tmp_path: Path) -> None:
    space = SearchSpace(
        (Categorical(name="a", candidates=(1, 2)), Categorical(name="b", candidates=(1, 2)))
    )
    with pytest.raises(SpecError):
        launcher(tmp_path, tasks=(task(("true",), "m{{ trial.param.a }}"),), space=space)
    both = task(("true",), "m{{ trial.param.a }}-{{ trial.param.b }}")
    launcher(tmp_path, tasks=(both,), space=space)


@pytest.mark.parametrize(
    "changes",
    [
        {"tasks": (task(("echo", "{{ trial.param.y }}")),)},
        {"tasks": (task(("true",), "{{ trial.idd }}"),)},
        {"env": {"A": "{{ trial.nope }}"}},
    ],
    ids=["cmd", "location", "env"],
)
def test_unknown_placeholders_are_refused_before_anything_starts(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    with pytest.raises(SpecError):
        launcher(tmp_path, **changes)


def test_trials_have_seeds_of_their_own() -> None:
    seeds = {launch_seed(study, trial, WHOLE, 1) for study in range(20) for trial in range(50)}
    assert len(seeds) == 1000
    assert launch_seed(3, 4, WHOLE, 1) == launch_seed(3, 4, WHOLE, 1)
    assert all(0 <= seed < 2**31 for seed in seeds)


@pytest.mark.parametrize("source", [-1, 2])
def test_a_checkpoint_that_was_never_written_is_warned_of_once(
    source: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    words = ("true", "{{ trial.budget }}", "{{ trial.checkpoint_dir }}")
    epochs = Budget(name="epochs", min=3, max=9)
    made = launcher(tmp_path, tasks=(task(words),), budget=epochs)
    saved = folder_of(tmp_path, 4 if source < 0 else source) / "checkpoint"
    made.prepare(replace(TRIAL, stage=Stage(budget=3)), 1, NOTHING)
    saved.mkdir(parents=True, exist_ok=True)
    goes_on = replace(TRIAL, stage=Stage(budget=9, previous_budget=3), source=source)
    (saved / "model").touch()
    made.prepare(goes_on, 2, NOTHING)
    assert caplog.messages == []
    (saved / "model").unlink()
    made.prepare(goes_on, 3, NOTHING)
    made.prepare(goes_on, 4, NOTHING)
    (message,) = caplog.messages
    assert message.startswith(f"trial 4 goes on from 3, but there is no checkpoint in {saved}: ")


def test_a_text_that_no_program_can_be_given_fails_its_trial_alone(tmp_path: Path) -> None:
    made = launcher(tmp_path, tasks=(task(("echo", "x={{ trial.param.x }}")),))
    with pytest.raises(RenderError, match=r"trial 4: the text '\\ud800' .* take it out"):
        made.prepare(Trial(id=4, params={"x": "a\ud800"}), 1, NOTHING)
    made.prepare(Trial(id=5, params={"x": "a\udcff"}), 1, NOTHING)
    written = (folder_of(tmp_path, 5) / "trial.sh").read_bytes()
    assert b"a\xff" in written


def checkpointing(path: Path, uid: str = "c0ffee", value: int = 7) -> tuple[Launcher, Trial]:
    tasks = (task(("true", "{{ trial.param.x }}", "{{ trial.checkpoint_dir }}")),)
    folder = StudyFolder(path, "study")
    folder.create()
    made = Launcher(make_spec(path, tasks=tasks), folder, 7, uid, {})
    return made, Trial(id=4, params={"x": value})


def test_the_folder_tells_of_which_launch_it_is(tmp_path: Path) -> None:
    made, trial = checkpointing(tmp_path)
    launch = made.prepare(trial, 3, NOTHING)
    path = folder_of(tmp_path) / "launch.json"
    told = json.loads(path.read_text())
    assert {
        "uid": "c0ffee",
        "trial": 4,
        "attempt": 3,
        "place": str(tmp_path / "study"),
    }.items() <= (told.items())
    assert launch.place == told["place"] == made.place
    assert said_in(str(path), made.note(trial, 3)) == (Said.THIS, made.place)
    # As it is read back from the journal.
    again = replace(trial, params=json.loads(json.dumps(trial.params)))
    assert said_in(str(path), made.note(again, 3))[0] is Said.THIS
    assert said_in(str(path), made.note(trial, 4))[0] is Said.BEFORE
    assert said_in(str(path), made.note(trial, 2))[0] is Said.OTHER


def test_the_place_is_the_folders_real_path(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    made, trial = checkpointing(tmp_path / "link")
    assert made.prepare(trial, 1, NOTHING).place == str(tmp_path / "real" / "study")


STRANGE = {
    "another study": ({"uid": "0ther"}, 1),
    "other values": ({"value": 8}, 1),
    "a later attempt": ({}, 2),
}


@pytest.mark.parametrize(("changes", "attempt"), STRANGE.values(), ids=STRANGE)
def test_all_that_another_launch_left_is_kept_aside_checkpoints_too(
    tmp_path: Path, changes: dict[str, Any], attempt: int
) -> None:
    other, its = checkpointing(tmp_path, **changes)
    other.prepare(its, attempt, NOTHING)
    trial = folder_of(tmp_path)
    for path in (trial / "checkpoint/x", trial / "exit", trial / "metric.txt"):
        path.write_text("old")
    made, new = checkpointing(tmp_path)
    made.prepare(new, 1, NOTHING)
    names = {"attempts", "checkpoint", "launch.json", "params.json", "trial.sh"}
    assert {path.name for path in trial.iterdir()} == names
    assert list((trial / "checkpoint").iterdir()) == []
    assert (trial / "attempts/0/checkpoint/x").read_text() == "old"
    assert (trial / "attempts/0/metric.txt").read_text() == "old"


def test_a_kill_while_it_is_kept_aside_leaves_the_note_to_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, its = checkpointing(tmp_path, uid="0ther")
    other.prepare(its, 1, NOTHING)
    (folder_of(tmp_path) / "exit").write_text("0\n")
    moved: list[str] = []
    monkeypatch.setattr(module, "set_aside", lambda path, _: moved.append(path.name))
    made, new = checkpointing(tmp_path)
    made.prepare(new, 1, NOTHING)
    assert (moved[0], moved[-1]) == ("exit", "launch.json")
    assert {"checkpoint", "trial.sh", "params.json"} < set(moved)


@pytest.mark.parametrize("attempt", [1, 2])
def test_a_trial_keeps_the_checkpoint_of_its_own_attempts(tmp_path: Path, attempt: int) -> None:
    made, trial = checkpointing(tmp_path)
    made.prepare(trial, 1, NOTHING)
    saved = folder_of(tmp_path) / "checkpoint/x"
    saved.write_text("mine")
    made.prepare(trial, attempt, NOTHING)
    assert saved.read_text() == "mine"


def test_an_attempt_that_an_earlier_release_began_goes_on_from_its_checkpoint(
    tmp_path: Path,
) -> None:
    made, trial = checkpointing(tmp_path)
    made.prepare(trial, 1, NOTHING)
    (folder_of(tmp_path) / "launch.json").unlink()
    saved = folder_of(tmp_path) / "checkpoint/x"
    saved.write_text("mine")
    made.prepare(trial, 2, NOTHING)
    assert saved.read_text() == "mine"


def test_a_file_that_takes_a_few_bytes_at_a_time_is_written_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:3]))
    module.write_file(str(tmp_path / "a"), "zehn \udcfc", private=True)
    assert (tmp_path / "a").read_bytes() == b"zehn \xfc"


@pytest.mark.parametrize("value", ["hush{{ trial.nothing }}", "hush{{ 1 + }}", "hush<<x>>"])
def test_no_message_shows_the_value_of_a_variable(tmp_path: Path, value: str) -> None:
    with pytest.raises(SpecError, match=r"^env: TOKEN: its value: ") as told:
        Launcher(make_spec(env={"TOKEN": value}), StudyFolder(tmp_path, "study"), 7, "u", {})
    assert "hush" not in str(told.value)


def test_nor_does_the_reason_of_a_trial(tmp_path: Path) -> None:
    spec = make_spec(env={"TOKEN": "hush{{ trial.param.x / 0 }}"})
    launcher = Launcher(spec, StudyFolder(tmp_path, "study"), 7, "u", {})
    with pytest.raises(RenderError, match=r"env: TOKEN: cannot fill in its value: Zero") as told:
        launcher.prepare(Trial(id=0, params={"x": 1}), 1, Grant(env={}))
    assert "hush" not in str(told.value)


def test_a_kill_while_the_note_is_written_keeps_the_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is killed or fails between two calls, the next attempt finds what was saved."""
    made, trial = checkpointing(tmp_path)
    made.prepare(trial, 1, NOTHING)
    saved = folder_of(tmp_path) / "checkpoint/x"
    saved.write_text("mine")
    write = module.write_file

    def torn(path: str, text: str, **options: bool) -> None:
        if "launch.json" in path:
            write(path, text[: len(text) // 2], **options)
            raise KeyboardInterrupt
        write(path, text, **options)

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_file", torn)
        patch.setattr("automl.launch.folder_contents.write_file", torn)
        with pytest.raises(KeyboardInterrupt):
            made.prepare(trial, 2, NOTHING)
    made.prepare(trial, 2, NOTHING)
    assert saved.read_text() == "mine"
