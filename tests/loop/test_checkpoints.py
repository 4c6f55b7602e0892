import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.launch.trial_values import launch_seed
from automl.study.budget import Budget
from automl.study.resources import Grant
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import WHOLE, Purpose, Stage, Trial

NOTHING = Grant(env={})
SAVES = 'read a < "$1/model" 2>/dev/null; echo "$a$2" > "$1/model"; cat "$1/model"'


class Place:
    """A study whose command adds its trial's number to what its checkpoint has."""

    def __init__(self, path: Path, *more: str, **changes: Any) -> None:
        folder = StudyFolder(path, "study")
        folder.create()
        self.folder = folder
        reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
        words = ("sh", "-c", SAVES, "sh", "{{ trial.checkpoint_dir }}", "{{ trial.id }}", *more)
        task = BashTask(cmd=words, metric_reader=reader)
        spec = make_spec(path, tasks=(task,), **changes)
        self.launcher = Launcher(spec, folder, 7, "c0ffee", {"PATH": os.environ["PATH"]})

    def run(self, trial_id: int, attempt: int = 1, **more: Any) -> subprocess.CompletedProcess[str]:
        """Prepare a launch and run its script by a real shell."""
        self.launcher.prepare(Trial(id=trial_id, params={"x": 1}, **more), attempt, NOTHING)
        return self.script(trial_id)

    def script(self, trial_id: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", self.folder.trial(trial_id).script],
            env={},
            capture_output=True,
            text=True,
            check=False,
        )

    def model(self, trial_id: int) -> Path:
        return Path(self.folder.trial(trial_id).checkpoint, "model")


@pytest.fixture(params=["study's", "with space", 'quo"te', "new\nline", "-dash", "$HOME", "é*?["])
def odd(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A study in a folder of an awkward name."""
    path = tmp_path / request.param
    path.mkdir()
    return Place(path)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_trial_keeps_its_checkpoint_from_launch_to_launch(tmp_path: Path) -> None:
    place = Place(tmp_path, "{{ trial.budget }}", budget=Budget(name="epochs", min=1, max=9))
    assert place.run(3, 1, stage=Stage(budget=1)).stdout == "3\n"
    assert place.run(3, 2, stage=Stage(budget=3, previous_budget=1)).stdout == "33\n"
    assert place.model(3).read_text() == "33\n"
    assert place.launcher.continues


def test_a_trial_with_a_source_begins_with_a_copy(odd: Place) -> None:
    assert odd.run(0).stdout == "0\n"
    done = odd.run(1, source=0)
    assert (done.returncode, done.stdout, done.stderr) == (0, "01\n", "")
    assert odd.model(0).read_text() == "0\n"
    assert odd.model(1).read_text() == "01\n"


def test_running_it_again_begins_with_a_new_copy(place: Place) -> None:
    place.run(0)
    assert place.run(1, source=0).stdout == "01\n"
    (place.model(1).parent / "rubbish").touch()
    assert place.script(1).stdout == "01\n"
    assert place.run(1, 2, source=0).stdout == "01\n"
    assert not (place.model(1).parent / "rubbish").exists()


def test_the_copy_is_whole(place: Place) -> None:
    place.run(0)
    deep = place.model(0).parent / "a" / "b c"
    deep.mkdir(parents=True)
    (deep / ".hidden").write_text("here")
    (deep / "link").symlink_to("nowhere")
    (deep / "run.sh").write_text("")
    (deep / "run.sh").chmod(0o755)
    place.run(1, source=0)
    copied = place.model(1).parent / "a" / "b c"
    assert (copied / ".hidden").read_text() == "here"
    assert (copied / "link").is_symlink()
    assert os.access(copied / "run.sh", os.X_OK)


def test_a_half_made_copy_of_a_killed_launch_is_thrown_away(place: Place) -> None:
    place.run(0)
    part = place.model(1).parent.with_name("checkpoint.part")
    part.mkdir(parents=True)
    (part / "half").touch()
    place.model(1).parent.mkdir()
    assert place.run(1, source=0).stdout == "01\n"
    assert not part.exists()
    assert not (place.model(1).parent / "half").exists()


def test_without_the_source_the_trial_fails_before_its_command(place: Place) -> None:
    done = place.run(1, source=0)
    assert done.returncode != 0
    assert done.stdout == ""
    assert "checkpoint" in done.stderr


def test_other_seeds_find_nothing_of_the_first(place: Place) -> None:
    place.run(2)
    again = Stage(seed_number=1)
    assert place.run(2, 2, stage=again).stdout == "2\n"
    assert place.run(2, 3, stage=Stage(seed_number=1, purpose=Purpose.CONFIRM)).stdout == "2\n"
    assert place.run(2, 4, stage=again).stdout == "22\n"
    assert place.model(2).read_text() == "2\n"


def test_a_command_without_a_checkpoint_gets_no_folder_and_no_copy(tmp_path: Path) -> None:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    folder = StudyFolder(tmp_path, "study")
    folder.create()
    task = BashTask(cmd=("echo", "{{ trial.checkpoint_id }}"), metric_reader=reader)
    launcher = Launcher(make_spec(tmp_path, tasks=(task,)), folder, 7, "u", {})
    launcher.prepare(Trial(id=1, params={"x": 1}, source=0), 1, NOTHING)
    paths = folder.trial(1)
    assert not Path(paths.checkpoint).exists()
    assert "cp -R" not in Path(paths.script).read_text()
    assert "echo 0" in Path(paths.script).read_text()
    assert not launcher.continues


def test_seeds_are_shared_where_trials_are_compared_by_them() -> None:
    second, fresh = Stage(seed_number=1), Stage(seed_number=1, purpose=Purpose.CONFIRM)
    assert launch_seed(7, 0, WHOLE, 1) != launch_seed(7, 1, WHOLE, 1)
    assert launch_seed(7, 0, WHOLE, 3) == launch_seed(7, 1, WHOLE, 3)
    assert launch_seed(7, 0, second, 3) != launch_seed(7, 0, WHOLE, 3)
    assert launch_seed(7, 0, fresh, 1) == launch_seed(7, 1, fresh, 1)
    assert launch_seed(7, 0, fresh, 3) != launch_seed(7, 0, second, 3)
    assert launch_seed(7, 0, fresh, 1) != launch_seed(8, 0, fresh, 1)
    assert launch_seed(7, 0, Stage(budget=1), 1) == launch_seed(7, 0, Stage(budget=9), 1)
