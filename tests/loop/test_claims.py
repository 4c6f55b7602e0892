"""Two studies never read each other's numbers."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import StudyBusyError
from automl.journal.claim import Claim, Claimant, read_claimant
from automl.journal.folder import StudyFolder
from automl.loop.opening.claims import FOLDER_NAME, Claims, claim_path
from automl.render.footprint import footprint
from automl.study.objective import Objective, Objectives
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask

SAME = "log/{{ trial.id }}.txt"


def claims(
    cwd: Path, name: str, location: str = SAME, runs: Callable[[str], bool] = lambda _: False
) -> Claims:
    one = reading(location)
    return Claims(make_spec(cwd, name=name, tasks=(one,)), folder(cwd, name), runs)


def reading(*locations: str) -> BashTask:
    readers = tuple(
        LocalReader(location=location, parser_pattern=PATTERN, metric=f"m{number}")
        for number, location in enumerate(locations)
    )
    if len(readers) == 1:
        readers = (LocalReader(location=locations[0], parser_pattern=PATTERN),)
    return BashTask(cmd=("true",), metric_reader=readers)


def folder(cwd: Path, name: str) -> StudyFolder:
    return StudyFolder(cwd / "studies", name)


def files(cwd: Path) -> list[Path]:
    return sorted(path for path in cwd.rglob(f"{FOLDER_NAME}/*") if path.name != ".gitignore")


def left(cwd: Path, **changes: Any) -> Path:
    """The claim that a killed controller of the study `a` left."""
    place = footprint(SAME, cwd=str(cwd), study_name="a", study_dir=str(cwd / "studies" / "a"))
    path = claim_path(place)
    path.parent.mkdir(parents=True)
    known = {
        "study": str(cwd / "studies" / "a"),
        "name": "a",
        "uid": "aaaa",
        "host": socket.gethostname(),
        "pid": 1,
    }
    claim = Claim(path)
    claim.write(Claimant(**known | changes))
    claim.release(remove=False)
    return path


def test_a_second_study_is_told_who_writes_there_and_what_to_do(tmp_path: Path) -> None:
    first, second = claims(tmp_path, "a"), claims(tmp_path, "b")
    first.take()
    with pytest.raises(StudyBusyError) as caught:
        second.take()
    told = str(caught.value)
    assert repr(SAME) in told
    assert f"the study 'a' in {tmp_path}/studies/a (process {os.getpid()}" in told
    assert "{{ trial.dir }}/..." in told
    assert "{{ study.name }}" in told
    first.release(keep=False)
    second.take()
    second.release(keep=False)


@pytest.mark.parametrize(
    "other",
    ["log/<<trial.id>>.txt", "./x/../log/{{trial.id}}.txt", "log/{{ '%04d' % trial.id }}.txt"],
)
def test_another_spelling_is_the_same_claim(tmp_path: Path, other: str) -> None:
    first = claims(tmp_path, "a")
    first.take()
    with pytest.raises(StudyBusyError):
        claims(tmp_path, "b", other).take()
    first.release(keep=False)


@pytest.mark.parametrize("other", ["log/{{ study.name }}/{{ trial.id }}.txt", "log/{{ trial.id }}"])
def test_other_files_are_no_matter(tmp_path: Path, other: str) -> None:
    both = [claims(tmp_path, "a", other), claims(tmp_path, "b")]
    for one in both:
        one.take()
    for one in both:
        one.release(keep=False)


@pytest.mark.parametrize("location", ["{{ trial.dir }}/m.txt", "{{ study.dir }}/{{ trial.id }}"])
def test_the_studys_own_folder_needs_no_claim(tmp_path: Path, location: str) -> None:
    claims(tmp_path, "a", location).take()
    assert list(tmp_path.rglob("*")) == []


def test_the_files_go_with_the_controller_and_are_no_business_of_git(tmp_path: Path) -> None:
    one = claims(tmp_path, "a")
    one.take()
    one.sign("aaaa")
    (path,) = files(tmp_path)
    assert path.parent == tmp_path / "log" / FOLDER_NAME
    assert path.with_name(".gitignore").read_text() == "*\n"
    assert read_claimant(path).uid == "aaaa"
    one.release(keep=False)
    assert files(tmp_path) == []


def test_two_readers_of_one_study_share_a_claim(tmp_path: Path) -> None:
    task = reading(SAME, "log/<<trial.id>>.txt", "log/{{ trial.id }}.csv")
    spec = make_spec(
        tmp_path,
        tasks=(task,),
        objectives=Objectives(tuple(Objective(metric=f"m{number}") for number in range(3))),
    )
    one = Claims(spec, folder(tmp_path, "study"), lambda _: False)
    one.take()
    one.take()
    assert len(files(tmp_path)) == 2
    one.release(keep=False)
    assert files(tmp_path) == []


def test_what_was_claimed_before_a_refusal_is_given_up(tmp_path: Path) -> None:
    first = claims(tmp_path, "a")
    first.take()
    spec = make_spec(
        tmp_path,
        name="b",
        tasks=(reading("own/{{ trial.id }}", SAME),),
        objectives=Objectives((Objective(metric="m0"), Objective(metric="m1"))),
    )
    with pytest.raises(StudyBusyError):
        Claims(spec, folder(tmp_path, "b"), lambda _: False).take()
    assert [path.parent.parent.name for path in files(tmp_path)] == ["log"]
    first.release(keep=False)


def test_a_killed_controllers_claim_holds_while_its_trials_run(tmp_path: Path) -> None:
    path = left(tmp_path)
    asked = []

    def runs(uid: str) -> bool:
        asked.append(uid)
        return True

    with pytest.raises(StudyBusyError, match="its trials still run"):
        claims(tmp_path, "b", runs=runs).take()
    assert asked == ["aaaa"]
    assert read_claimant(path).name == "a"
    other = claims(tmp_path, "b")
    other.take()
    other.sign("bbbb")
    assert read_claimant(path).uid == "bbbb"
    other.release(keep=True)
    assert read_claimant(path).uid == "bbbb"


def test_the_same_study_takes_its_claim_whatever_runs(tmp_path: Path) -> None:
    path = left(tmp_path)
    one = claims(tmp_path, "a", runs=lambda _: True)
    one.take()
    # Until it is known under which id it goes on, its earlier trials are known by the old one.
    assert read_claimant(path).uid == "aaaa"
    one.release(keep=False)


def test_a_study_that_was_moved_is_known_by_its_id(tmp_path: Path) -> None:
    left(tmp_path, study="/elsewhere/a")
    one = claims(tmp_path, "a", runs=lambda _: True)
    one.sign("aaaa")
    one.take()
    one.release(keep=False)


def test_what_cannot_be_seen_from_here_counts_as_not_known(tmp_path: Path) -> None:
    path = left(tmp_path, host="another-machine")
    with pytest.raises(StudyBusyError, match="if none does, delete") as caught:
        claims(tmp_path, "b").take()
    assert str(path) in str(caught.value)
    path.unlink()
    one = claims(tmp_path, "b")
    one.take()
    one.release(keep=False)


def test_a_claim_under_which_nothing_was_started_is_free(tmp_path: Path) -> None:
    left(tmp_path, uid="", host="another-machine")
    one = claims(tmp_path, "b", runs=lambda _: True)
    one.take()
    one.release(keep=True)
    assert files(tmp_path) == []


def test_a_second_controller_of_the_study_is_told_that_it_runs(tmp_path: Path) -> None:
    one = claims(tmp_path, "a")
    one.take()
    with pytest.raises(StudyBusyError, match="is being run by process"):
        claims(tmp_path, "a").take()
    one.release(keep=False)


@pytest.mark.parametrize("obstacle", ["file", "folder"])
def test_where_no_claim_can_be_written_the_study_goes_on(
    tmp_path: Path, obstacle: str, caplog: pytest.LogCaptureFixture
) -> None:
    one = claims(tmp_path, "a")
    (tmp_path / "log").mkdir()
    if obstacle == "file":
        (tmp_path / "log" / FOLDER_NAME).write_text("")
    else:
        one.take()
        (path,) = files(tmp_path)
        one.release(keep=False)
        path.mkdir()
    one.take()
    assert "nothing keeps another study" in caplog.text
    one.release(keep=False)
