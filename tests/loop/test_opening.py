import logging
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import make_spec

from automl.errors import JournalError, SpecError, StorageError, StudyBusyError
from automl.journal.events import VERSION, StudyOpened, TrialPlanned
from automl.journal.folder import StudyFolder
from automl.journal.journal import Journal, load
from automl.journal.lock import StudyLock
from automl.loop.opening import OpenStudy, check_same_study, open_study
from automl.spec.noise import Noise
from automl.spec.objective import Objective, Objectives
from automl.spec.parameters import Categorical
from automl.spec.space import SearchSpace
from automl.spec.study import Algorithm
from automl.spec.task import BashTask, LocalReader
from automl.testing import FakeClock


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    return StudyFolder(tmp_path / "automl_studies", "study")


def take(folder: StudyFolder, *, fresh: bool = False, **changes: Any) -> OpenStudy:
    return open_study(make_spec(**changes), folder, FakeClock(), fresh=fresh)


def take_and_leave(folder: StudyFolder, *, fresh: bool = False, **changes: Any) -> OpenStudy:
    study = take(folder, fresh=fresh, **changes)
    study.close()
    return study


def is_free(folder: StudyFolder) -> bool:
    try:
        StudyLock(folder.lock).release()
    except StudyBusyError:
        return False
    return True


def test_a_new_study_writes_what_it_is(folder: StudyFolder) -> None:
    study = take_and_leave(folder)
    (opening,) = load(folder.journal)[0]
    assert isinstance(opening, StudyOpened)
    assert opening.study == make_spec().describe()
    assert (opening.seed, opening.uid) == (study.seed, study.uid)
    assert (opening.host, opening.pid) == (socket.gethostname(), os.getpid())
    assert study.state.opened == opening
    assert "name: study" in folder.spec.read_text()


def test_seed_and_uid_stay_when_it_goes_on(folder: StudyFolder) -> None:
    first = take_and_leave(folder, seed=None)
    second = take_and_leave(folder, seed=None)
    assert (second.seed, second.uid) == (first.seed, first.uid)
    assert second.state.opened == first.state.opened
    assert len(load(folder.journal)[0]) == 2


def test_every_study_has_its_own(folder: StudyFolder) -> None:
    other = StudyFolder(folder.path.parent, "other")
    first, second = take_and_leave(folder, seed=None), take_and_leave(other, seed=None)
    assert first.uid != second.uid
    assert first.seed != second.seed


def test_a_given_seed_counts_more_than_the_one_of_before(folder: StudyFolder) -> None:
    take_and_leave(folder, seed=3)
    assert take_and_leave(folder, seed=8).seed == 8


def test_the_trials_of_before_are_known(folder: StudyFolder) -> None:
    study = take(folder)
    planned = TrialPlanned(v=VERSION, at=FakeClock().now(), trial=0, params={"x": 1})
    study.journal.append([planned])
    study.close()
    assert take_and_leave(folder).state.trials[0].params == {"x": 1}


def test_a_second_controller_is_told_who_has_it(folder: StudyFolder) -> None:
    study = take(folder)
    try:
        with pytest.raises(StudyBusyError, match=f"process {os.getpid()} on"):
            take(folder)
        with pytest.raises(StudyBusyError):
            take(folder, fresh=True)
        assert folder.journal.exists()
    finally:
        study.close()
    assert is_free(folder)


READER = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=r"value=(\S+)")
LOWEST = Objectives((Objective(direction="minimize"),))
OTHER_READER = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=r"loss=(\S+)")

OTHERS = {
    "command": ({"tasks": (BashTask(cmd=("false",), metric_reader=READER),)}, ["true", "false"]),
    "metric": (
        {"tasks": (BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=OTHER_READER),)},
        ["value=", "loss="],
    ),
    "direction": (
        {"objectives": LOWEST},
        ["maximize", "minimize"],
    ),
    "final": ({"objectives": Objectives((Objective(final="best"),))}, ['"last"', '"best"']),
    "cwd": ({"cwd": "/tmp"}, ['"/"', '"/tmp"']),  # noqa: S108 - never written to
    "env": ({"env": {"A": "1"}}, ["{}", '{"A": "1"}']),
}


@pytest.mark.parametrize(("changes", "shown"), OTHERS.values(), ids=OTHERS)
def test_another_study_is_refused_with_the_difference(
    folder: StudyFolder, changes: dict[str, Any], shown: list[str]
) -> None:
    take_and_leave(folder)
    before = folder.journal.read_bytes()
    with pytest.raises(SpecError) as caught:
        take(folder, **changes)
    text = str(caught.value)
    was, now = text.index("was "), text.index("now ")
    assert shown[0] in text[was:now]
    assert shown[1] in text[now:]
    assert "another name" in text
    assert "fresh=True" in text
    assert folder.journal.read_bytes() == before
    assert is_free(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"max_trials": 100, "max_parallel": 9},
        {"algorithm": Algorithm(type="random")},
        {"space": SearchSpace((Categorical(name="x", candidates=("a",)),))},
        {"timeout_s": 5.0, "fail_fast": None},
    ],
    ids=["limits", "algorithm", "space", "trial limits"],
)
def test_what_may_change_is_taken_over(folder: StudyFolder, changes: dict[str, Any]) -> None:
    take_and_leave(folder)
    before = folder.spec.read_text()
    study = take_and_leave(folder, **changes)
    assert study.state.latest is not None
    assert study.state.latest.study == make_spec(**changes).describe()
    assert folder.spec.read_text() != before


GIVEN: dict[str, dict[str, Any]] = {
    "constraints": {"objectives": Objectives((Objective(),), ("metric <= 1",))},
    "repeats": {"noise": Noise(repeats=3)},
    "population": {"algorithm": Algorithm(type="pbt")},
}


@pytest.mark.parametrize("given", GIVEN)
def test_what_is_not_given_any_more_is_another_study(folder: StudyFolder, given: str) -> None:
    take_and_leave(folder, **GIVEN[given])
    with pytest.raises(SpecError, match=rf"  {given}: was .*\n +now not given\n"):
        take(folder)
    take_and_leave(folder, **GIVEN[given])


@pytest.mark.parametrize("given", GIVEN)
def test_what_was_not_given_before_is_another_study(folder: StudyFolder, given: str) -> None:
    take_and_leave(folder)
    with pytest.raises(SpecError, match=rf"  {given}: was not given\n +now .*\n"):
        take(folder, **GIVEN[given])


def test_fresh_keeps_the_old_study_aside(
    folder: StudyFolder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    old = take_and_leave(folder, seed=None)
    (folder.trials / "0").mkdir()
    new = take_and_leave(folder, fresh=True, objectives=LOWEST)
    assert new.uid != old.uid
    assert not (folder.trials / "0").exists()
    (aside,) = [path for path in folder.path.parent.iterdir() if path != folder.path]
    assert (aside / "trials" / "0").is_dir()
    assert str(aside) in caplog.text
    assert is_free(folder)


def test_fresh_without_a_study_is_just_new(folder: StudyFolder) -> None:
    take_and_leave(folder, fresh=True)
    assert list(folder.path.parent.iterdir()) == [folder.path]


def test_a_damaged_journal_is_refused_and_the_lock_let_go(folder: StudyFolder) -> None:
    take_and_leave(folder)
    folder.journal.write_text('{"event":"Nonsense"}\n')
    with pytest.raises(JournalError, match="line 1, byte 0"):
        take(folder)
    assert is_free(folder)


def test_a_journal_that_cannot_be_true_is_refused(folder: StudyFolder) -> None:
    take_and_leave(folder)
    line = folder.journal.read_bytes()
    with folder.journal.open("ab") as file:
        file.write(line.split(b"{", 1)[0])
        file.write(b'{"event":"TrialRequeued","v":1,"at":"2026-03-01T12:00:00Z","trial":7,')
        file.write(b'"reason":"x"}\n')
    with pytest.raises(JournalError, match="never planned"):
        take(folder)
    assert is_free(folder)


def test_a_torn_last_line_is_cut_off(folder: StudyFolder) -> None:
    take_and_leave(folder)
    with folder.journal.open("ab") as file:
        file.write(b'{"event":"Trial')
    take_and_leave(folder)
    assert len(load(folder.journal)[0]) == 2


def test_a_full_disk_at_the_start_leaves_nothing_open(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("cannot write: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", full)
        descriptors = len(list(Path("/dev/fd").iterdir()))
        with pytest.raises(StorageError):
            take(folder)
        assert len(list(Path("/dev/fd").iterdir())) == descriptors
    assert is_free(folder)
    take_and_leave(folder)


def test_a_description_that_cannot_be_written_is_told(folder: StudyFolder) -> None:
    folder.create()
    folder.spec.mkdir()
    with pytest.raises(JournalError, match=r"study\.yaml"):
        take(folder)
    assert is_free(folder)


def test_a_description_in_another_encoding_is_replaced(folder: StudyFolder) -> None:
    take_and_leave(folder)
    right = folder.spec.read_bytes()
    folder.spec.write_bytes(b"# Z\xfcrich\n" + right)
    take_and_leave(folder)
    assert folder.spec.read_bytes() == right


def test_the_same_study_has_no_difference(folder: StudyFolder) -> None:
    check_same_study(make_spec().describe(), make_spec(max_trials=9), folder)
