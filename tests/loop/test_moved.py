"""A study whose project was moved, renamed or mounted elsewhere goes on."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec
from msgspec import structs

from automl.errors import SpecError
from automl.journal.events import VERSION, StudyOpened, TrialPlanned, TrialStarted
from automl.journal.folder import StudyFolder
from automl.journal.journal import load
from automl.launch.launch_note import note_of
from automl.loop.opening.moved import in_new_place, same_place
from automl.loop.opening.study import OpenStudy, open_study
from automl.study.spec import StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.study.trial import Trial
from automl.testing import FakeClock

Opens = Callable[..., OpenStudy]


def described(project: Path, cmd: tuple[str, ...] = ("true",), **changes: Any) -> StudySpec:
    reader = LocalReader(location=f"{project}/out/{{{{ trial.id }}}}", parser_pattern=PATTERN)
    word = "{{ trial.param.x }}"
    task = BashTask(cmd=(*cmd, word), metric_reader=reader)
    return make_spec(project, tasks=(task,), **changes)


def begin(spec: StudySpec, project: Path) -> OpenStudy:
    folder = StudyFolder(project / "automl_studies", "study")
    study = open_study(spec, folder, FakeClock(), fresh=False)
    if not study.state.trials:
        at, paths = FakeClock().now(), folder.trial(0)
        planned = TrialPlanned(v=VERSION, at=at, trial=0, params={"x": 1})
        started = TrialStarted(v=VERSION, at=at, trial=0, attempt=1, handle={})
        study.journal.append([planned, started])
        Path(paths.path).mkdir()
        note = note_of(Trial(id=0, params={}), 1, study.uid, str(folder.path.resolve()), "{}")
        Path(paths.note).write_text(note.text())
    study.close()
    return study


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "project"
    path.mkdir(parents=True)
    return path


@pytest.mark.parametrize("there", ["home/renamed", "mnt/other/project", "project"])
@pytest.mark.parametrize("how", ["moved", "copied"])
def test_it_goes_on_wherever_it_is(project: Path, tmp_path: Path, there: str, how: str) -> None:
    train = ("python", f"{project}/train.py", f"--out={project}/models")
    begin(described(project, train, env={"PYTHONPATH": f"/lib:{project}/lib"}), project)
    new = tmp_path / there
    new.parent.mkdir(parents=True, exist_ok=True)
    if how == "moved":
        project.rename(new)
    else:
        shutil.copytree(project, new)
    words = ("python", f"{new}/train.py", f"--out={new}/models")
    again = begin(described(new, words, env={"PYTHONPATH": f"/lib:{new}/lib"}), new)
    assert list(again.state.trials) == [0]
    assert again.state.stale == {}


def test_a_link_to_it_is_the_same_place(project: Path, tmp_path: Path) -> None:
    begin(described(project), project)
    link = tmp_path / "link"
    link.symlink_to(project)
    begin(described(link), link)
    begin(described(project), project)


def test_an_earlier_release_told_the_folder_in_its_trials_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("automl.loop.opening.study.way_to", lambda *_: "")
        begin(described(project), project)
    (opening, *_) = load(project / "automl_studies" / "study" / "journal.jsonl")[0]
    assert isinstance(opening, StudyOpened)
    assert opening.cwd_from_folder == ""
    new = project.with_name("renamed")
    project.rename(new)
    begin(described(new), new)


@pytest.mark.parametrize("told", [True, False])
def test_another_folder_beside_it_is_another_study(
    project: Path, monkeypatch: pytest.MonkeyPatch, *, told: bool
) -> None:
    with monkeypatch.context() as patch:
        if not told:
            patch.setattr("automl.loop.opening.study.way_to", lambda *_: "")
        begin(described(project), project)
    below = project / "below"
    below.mkdir()
    with pytest.raises(SpecError, match="cwd: was"):
        begin(described(below), project)


def test_another_program_is_another_study_there_too(project: Path) -> None:
    begin(described(project, ("python", f"{project}/train.py")), project)
    new = project.with_name("renamed")
    project.rename(new)
    with pytest.raises(SpecError, match="tasks: was"):
        begin(described(new, ("python", f"{new}/other.py")), new)


def test_a_study_elsewhere_whose_project_alone_was_moved_is_refused(
    project: Path, tmp_path: Path
) -> None:
    studies = tmp_path / "scratch"
    studies.mkdir()
    begin(described(project), studies)
    new = project.with_name("renamed")
    project.rename(new)
    with pytest.raises(SpecError, match="cwd: was"):
        begin(described(new), studies)


def test_where_nothing_ran_nothing_ran_elsewhere(project: Path) -> None:
    folder = StudyFolder(project, "study")
    folder.create()
    known = StudyOpened(
        v=VERSION,
        at=FakeClock().now(),
        study=make_spec("/gone").describe(),
        seed=1,
        uid="u",
        host="h",
        pid=1,
    )
    assert same_place(known, str(project), folder)
    assert not same_place(structs.replace(known, cwd_from_folder="../.."), "/", folder)


def moved(was: Any, before: str, after: str) -> Any:
    return in_new_place(was, [""] * len(was), before, after)


def test_only_whole_names_are_replaced() -> None:
    texts = ["/a/p", "/a/p/x", "/a/p2/x", "/a/p-old", "-I/a/p:/b", "/a/p.d"]
    found = moved(texts, "/a/p", "/b/q")
    assert found == ["/b/q", "/b/q/x", "/a/p2/x", "/a/p-old", "-I/b/q:/b", "/a/p.d"]


def test_what_was_renamed_above_is_renamed_in_all_paths() -> None:
    assert moved(["/m/one/env/bin"], "/m/one/p", "/m/two/p") == ["/m/two/env/bin"]


def test_what_stayed_in_its_place_stays() -> None:
    was, now = {"cmd": ["/m/one/tool", "/m/one/p/t"]}, {"cmd": ["/m/one/tool", "/m/two/p/t"]}
    assert in_new_place(was, now, "/m/one/p", "/m/two/p") == now


def test_another_reader_is_read_anew_there_too(project: Path) -> None:
    begin(described(project), project)
    new = project.with_name("renamed")
    project.rename(new)
    other = replace(described(new), tasks=make_spec(new).tasks)
    assert list(begin(other, new).state.stale) == [0]
