import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import RenderError, SpecError
from automl.journal.folder import StudyFolder
from automl.launch.base_files import with_digests
from automl.launch.launcher import Launcher
from automl.space.parameters import Categorical
from automl.space.space import SearchSpace
from automl.study.resources import Grant
from automl.study.tasks.config_file import FILE_OPTIONS, ConfigFile
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial

BASE = """{
  // the optimizer
  "lr": 0.1, "on": false, "name": "x"
}
"""
SET = {"lr": "{{ trial.param.x }}"}
READER = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
NOTHING = Grant(env={})


def task(*files: Any, cmd: tuple[str, ...] = ("cat", "{{ trial.file.conf }}")) -> BashTask:
    return BashTask(cmd=cmd, metric_reader=READER, files=files)


def launcher(path: Path, *tasks: BashTask, **changes: Any) -> Launcher:
    folder = StudyFolder(path, "study")
    folder.create()
    return Launcher(make_spec(path, tasks=tasks, **changes), folder, 7, "c0ffee", {})


def trial(x: object = 7, trial_id: int = 4) -> Trial:
    return Trial(id=trial_id, params={"x": x})


def files(path: Path, trial_id: int = 4) -> Path:
    return path / "study/trials" / str(trial_id) / "files"


@pytest.fixture(autouse=True)
def base(tmp_path: Path) -> Path:
    path = tmp_path / "conf.json"
    path.write_text(BASE)
    return path


@pytest.mark.parametrize("value", [3, 1e-5, True, 'a "b"', None, [1, "2"]])
def test_each_launch_has_its_file_with_the_values_type(
    tmp_path: Path, base: Path, value: Any
) -> None:
    made = launcher(tmp_path, task({"base": "conf.json", "set": SET}))
    launch = made.prepare(trial(value), 1, NOTHING)
    text = (files(tmp_path) / "conf.json").read_text()
    assert text == BASE.replace("0.1", json.dumps(value))
    assert base.read_text() == BASE
    done = subprocess.run(["/bin/sh", launch.script], capture_output=True, text=True, check=True)
    assert done.stdout == text


def test_a_file_with_placeholders_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "run.ini").write_text(
        "[a]\r\nlr = {{ trial.param.x }}\nid=<<trial.id>>\n\u00e9", newline=""
    )
    made = launcher(tmp_path, task({"base": "run.ini", "name": "conf"}))
    made.prepare(trial(), 1, NOTHING)
    written = (files(tmp_path) / "conf.ini").read_bytes()
    assert written == "[a]\r\nlr = 7\nid=4\n\u00e9".encode()


def test_it_is_made_anew_at_each_launch_and_by_hand(tmp_path: Path) -> None:
    made = launcher(tmp_path, task({"base": "conf.json", "set": SET}))
    made.prepare(trial(), 1, NOTHING)
    path = files(tmp_path) / "conf.json"
    first = path.read_text()
    path.write_text("changed")
    made.prepare(trial(), 2, NOTHING)
    assert path.read_text() == first
    for spoil in (lambda: path.write_text("changed"), lambda: (path.unlink(), path.parent.rmdir())):
        spoil()
        script = files(tmp_path).parent / "trial.sh"
        done = subprocess.run(["/bin/sh", script], capture_output=True, text=True, check=True)
        assert done.stdout == first
    path.write_text("changed by the program")
    exit_file = {"AUTOML_EXIT_FILE": str(tmp_path / "exit"), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["/bin/sh", script], env=exit_file, capture_output=True, text=True, check=True
    )
    # Started by automl, the launcher wrote it: a full disk pauses the study and fails no trial.
    assert done.stdout == "changed by the program"


def test_a_link_to_the_original_is_replaced_not_followed(tmp_path: Path, base: Path) -> None:
    made = launcher(tmp_path, task({"base": "conf.json", "set": SET}))
    made.prepare(trial(), 1, NOTHING)
    path = files(tmp_path) / "conf.json"
    path.unlink()
    path.symlink_to(base)
    made.prepare(trial(), 2, NOTHING)
    assert not path.is_symlink()
    assert base.read_text() == BASE


def test_what_comes_from_a_private_file_is_private(tmp_path: Path, base: Path) -> None:
    base.chmod(0o600)
    launch = launcher(tmp_path, task({"base": "conf.json", "set": SET})).prepare(
        trial(), 1, NOTHING
    )
    for path in (files(tmp_path) / "conf.json", Path(launch.script)):
        assert path.stat().st_mode & 0o077 == 0


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "path": (
        {"base": "conf.json", "set": {"Lr": 1}},
        "^file 'conf': conf.json: it has no 'Lr'; the nearest: lr$",
    ),
    "base": ({"base": "cnf.json"}, "cannot read base 'cnf.json'.*; there is 'conf.json'$"),
    "folder": ({"base": "."}, "cannot read base '.'"),
    "format": (
        {"base": "conf.json", "set": SET, "format": "jsn"},
        "^file 'conf': conf.json: file format type 'jsn' is unknown .did you mean 'json'",
    ),
    "suffix": (
        {"base": "train.sh", "set": SET},
        r"no format has files that end in '.sh'; known formats: .*json \(.json .*name one",
    ),
    "no json": ({"base": "train.sh", "set": SET, "format": "json"}, "it is no JSON: line 1, col"),
    "bytes": ({"base": "bytes.json", "set": SET}, "no UTF-8 text .byte 1"),
    "placeholder": (
        {"base": "conf.json", "set": {"lr": "{{ trial.param.y }}"}},
        "^file 'conf': lr: .*'trial.param.y' is unknown",
    ),
    "both": (
        {"base": "both.json", "set": SET},
        "line 2 has the placeholder '{{ trial.param.lr }}', .* give no paths$",
    ),
    "template": ({"base": "wrong.txt"}, "^file 'wrong': wrong.txt: .*'trial.param.z' is unknown"),
    "format alone": ({"base": "conf.json", "format": "json"}, "format= is for set="),
    "name": ({"base": "conf.json", "name": "a/b"}, "name is 'a/b'; allowed: letters"),
    "key": ({"base": "conf.json", "sett": SET}, "unknown key 'sett' .did you mean 'set'"),
    "no base": ({"set": SET}, "with the key 'base'"),
    "set": ({"base": "conf.json", "set": ["lr"]}, "set must be a dictionary from paths"),
    "nothing": ({"base": "conf.json", "set": {}}, "set must be a dictionary from paths"),
    "value": ({"base": "conf.json", "set": {"lr": {1}}}, "the values of set must be JSON values"),
}


@pytest.mark.parametrize(("given", "told"), WRONG.values(), ids=WRONG)
def test_what_cannot_work_is_told_before_anything_starts(
    tmp_path: Path, base: Path, given: dict[str, Any], told: str
) -> None:
    (tmp_path / "train.sh").write_text("#!/bin/sh")
    (tmp_path / "bytes.json").write_bytes(b"{\xff}")
    (tmp_path / "both.json").write_text('{"lr": 1,\n "b": "{{ trial.param.lr }}"}')
    (tmp_path / "wrong.txt").write_text("{{ trial.param.z }}")
    with pytest.raises(SpecError, match=told):
        launcher(tmp_path, task(given, cmd=("true",)))
    assert base.read_text() == BASE


@pytest.mark.parametrize("given", [None, "conf.json", {"base": "conf.json"}, [3]])
def test_files_is_a_list_of_dictionaries(given: object) -> None:
    with pytest.raises(SpecError, match=r"^files"):
        BashTask(cmd="true", files=given)  # type: ignore[arg-type]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    one = task({"base": "conf.json", "set": SET})
    with pytest.raises(SpecError, match="two have the name 'conf'"):
        launcher(tmp_path, one, one)
    other = task({"base": "conf.json", "set": SET, "name": "other"})
    launcher(tmp_path, one, other).prepare(trial(), 1, NOTHING)
    names = {path.name for path in files(tmp_path).iterdir()}
    assert names == {"conf.json", "other.json"}


def test_a_parameter_that_is_off_leaves_the_bases_value(tmp_path: Path) -> None:
    space = SearchSpace(
        (
            Categorical(name="opt", candidates=("sgd", "adam")),
            Categorical(name="lr", candidates=(5,), when={"opt": "sgd"}),
        )
    )
    values = {"lr": "{{ trial.param.lr }}", "name": "{{ trial.param.lr | default('none') }}"}
    made = launcher(tmp_path, task({"base": "conf.json", "set": values}), space=space)
    made.check_commands({"opt": "adam"})
    for number, params in enumerate([{"opt": "sgd", "lr": 5}, {"opt": "adam"}]):
        made.prepare(Trial(id=number, params=params), 1, NOTHING)
    on, off = ((files(tmp_path, number) / "conf.json").read_text() for number in (0, 1))
    assert on == BASE.replace("0.1", "5").replace('"x"', "5")
    assert off == BASE.replace('"x"', '"none"')


def test_a_value_that_the_format_cannot_hold_fails_its_trial_alone(tmp_path: Path) -> None:
    made = launcher(tmp_path, task({"base": "conf.json", "set": SET}))
    with pytest.raises(RenderError, match=r"^trial 4: file 'conf': 'lr': JSON has no value inf"):
        made.prepare(trial(float("inf")), 1, NOTHING)
    made.prepare(trial(trial_id=5), 1, NOTHING)


def test_a_value_that_cannot_be_told_fails_its_trial_and_is_not_left_out(tmp_path: Path) -> None:
    values = {"lr": "{{ 1 / (trial.param.x - 7) }}"}
    made = launcher(tmp_path, task({"base": "conf.json", "set": values}))
    with pytest.raises(RenderError, match=r"^trial 4: file 'conf': lr: cannot fill in .* Zero"):
        made.prepare(trial(7), 1, NOTHING)
    made.prepare(trial(9), 1, NOTHING)
    assert (files(tmp_path) / "conf.json").read_text() == BASE.replace("0.1", "0.5")


def test_a_metric_beside_a_trials_file_is_the_trials_own(tmp_path: Path) -> None:
    beside = LocalReader(location="{{ trial.file.conf }}.log", parser_pattern=PATTERN)
    one = BashTask(cmd="true", metric_reader=beside, files=[{"base": "conf.json", "set": SET}])
    made = launcher(tmp_path, one)
    assert made.metric_paths(trial()) == {"metric": f"{files(tmp_path)}/conf.json.log"}


def test_a_parameter_in_a_file_is_used(tmp_path: Path) -> None:
    assert launcher(tmp_path, task({"base": "conf.json", "set": SET})).unused == []
    assert launcher(tmp_path, task(cmd=("true",))).unused == ["x"]


def test_the_bases_content_is_a_part_of_what_may_not_change(tmp_path: Path, base: Path) -> None:
    spec = make_spec(tmp_path, tasks=(task({"base": "conf.json", "set": SET}),))
    first = with_digests(spec)
    assert first.identity() == with_digests(spec).identity() == with_digests(first).identity()
    assert BASE not in json.dumps(first.describe())
    base.write_text(BASE.replace("false", "true"))
    assert with_digests(spec).identity() != first.identity()
    with pytest.raises(SpecError, match=r"base 'conf.json', which is .* has changed since"):
        with_digests(first)
    with pytest.raises(SpecError, match=r"base 'conf.json', which is .* has changed since"):
        Launcher(first, StudyFolder(tmp_path, "study"), 7, "u", {})


def test_a_study_without_files_is_described_as_ever(tmp_path: Path) -> None:
    spec = make_spec(tmp_path, tasks=(task(cmd=("true",)),))
    assert with_digests(spec) is spec
    assert list(spec.identity()["tasks"][0]) == ["cmd"]


def test_a_file_is_described_by_what_was_given() -> None:
    (file,) = task({"base": "conf.json", "set": SET}).files
    assert file.describe() == {"base": "conf.json", "name": "conf", "set": SET}
    (again,) = task(file.describe()).files
    assert again == file
    assert replace(file, digest="d").describe()["digest"] == "d"


DEST = "out/conf_{{ trial.id }}.json"


def test_a_file_may_be_written_elsewhere(tmp_path: Path, base: Path) -> None:
    one = {"base": "conf.json", "set": SET, "dest": DEST}
    made = launcher(tmp_path, task(one))
    launch = made.prepare(trial(3), 1, NOTHING)
    written = tmp_path / "out/conf_4.json"
    assert written.read_text() == BASE.replace("0.1", "3")
    assert not files(tmp_path).exists()
    assert made.file_paths(trial(3)) == [str(written)]
    written.write_text("spoilt")
    made.prepare(trial(5), 2, NOTHING)
    assert written.read_text() == BASE.replace("0.1", "5")
    aside = Path(launch.script).parent / "attempts/1/conf_4.json"
    assert aside.read_text() == "spoilt"
    written.unlink()
    done = subprocess.run(["/bin/sh", launch.script], capture_output=True, text=True, check=True)
    assert done.stdout == written.read_text() == BASE.replace("0.1", "5")
    assert base.read_text() == BASE


@pytest.mark.parametrize(
    ("dest", "told"),
    [
        ("out/conf.json", "the same file for several trials"),
        ("{{ study.dir }}/conf.json", "the same file for several trials"),
        ("{{ trial.file.conf }}.json", "names a file; name a path"),
        ("{{ trial.di }}/a", "'trial.di' is unknown"),
        ("", "dest must be a path"),
        (3, "dest must be a path"),
    ],
)
def test_a_place_of_several_trials_is_refused(tmp_path: Path, dest: object, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        launcher(tmp_path, task({"base": "conf.json", "set": SET, "dest": dest}))


@pytest.mark.parametrize(
    "dest",
    ["{{ trial.dir }}/c.json", "{{ trial.checkpoint_dir }}/c.json", "~/c{{ trial.id }}", DEST],
)
def test_a_place_of_one_trial_is_taken(
    tmp_path: Path, dest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    made = launcher(tmp_path, task({"base": "conf.json", "set": SET, "dest": dest}))
    made.prepare(trial(), 1, NOTHING)
    (path,) = made.file_paths(trial())
    assert json.loads(Path(path).read_text().replace("// the optimizer", ""))["lr"] == 7


@pytest.mark.parametrize(
    ("dest", "told"),
    [
        ("conf{{ '' if trial.id == 4 else trial.id }}.json", "is the base itself"),
        ("{{ trial.dir }}/trial.sh", "is automl's own"),
        ("{{ trial.dir }}/files", "is automl's own"),
        ("{{ trial.dir }}/{{ 1 // (trial.id - 4) }}", "ZeroDivisionError"),
    ],
)
def test_what_is_not_to_be_overwritten_fails_the_trial(
    tmp_path: Path, base: Path, dest: str, told: str
) -> None:
    made = launcher(tmp_path, task({"base": "conf.json", "set": SET, "dest": dest}))
    with pytest.raises(RenderError, match=told):
        made.prepare(trial(), 1, NOTHING)
    assert base.read_text() == BASE


def test_what_is_not_in_a_file_is_made_if_that_is_asked_for(tmp_path: Path) -> None:
    changes = {"deep.lr": "{{ trial.param.x }}"}
    with pytest.raises(SpecError, match=r"it has no 'deep\.lr'"):
        launcher(tmp_path, task({"base": "conf.json", "set": changes}))
    made = launcher(tmp_path, task({"base": "conf.json", "set": changes, "create": True}))
    made.prepare(trial(3), 1, NOTHING)
    text = (files(tmp_path) / "conf.json").read_text().replace("// the optimizer", "")
    assert json.loads(text)["deep"] == {"lr": 3}
    for given in ({"base": "conf.json", "create": True}, {"base": "c", "set": SET, "create": 1}):
        with pytest.raises(SpecError, match="create must be true or false, and is for set="):
            ConfigFile(**given)  # type: ignore[arg-type]


def test_what_earlier_studies_say_of_their_files_still_compares() -> None:
    assert ConfigFile(base="a.json").describe() == {"base": "a.json", "name": "a"}
    assert FILE_OPTIONS == ("base", "name", "set", "format", "dest", "create", "digest")


def test_a_base_that_is_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(SpecError, match="it is a pipe; name a file"):
        launcher(tmp_path, task({"base": "pipe.json", "name": "conf", "set": SET}))


def test_a_base_that_is_a_folder_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "dir.json").mkdir()
    with pytest.raises(SpecError, match=r"dir.json: it is a folder$"):
        launcher(tmp_path, task({"base": "dir.json", "name": "conf", "set": SET}))
