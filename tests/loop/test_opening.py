import errno
import logging
import os
import shutil
import socket
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from loop_fakes import make_spec

import automl
from automl.errors import JournalError, SpecError, StorageError, StudyBusyError
from automl.journal import lock
from automl.journal.events import VERSION, StudyOpened, TrialPlanned, TrialRequeued
from automl.journal.folder import StudyFolder
from automl.journal.journal import Journal, load
from automl.journal.lock import StudyLock
from automl.loop.opening.same_study import check_same_study
from automl.loop.opening.study import OpenStudy, open_study
from automl.space.parameters import Categorical
from automl.space.space import SearchSpace
from automl.study.noise import Noise
from automl.study.objective import Objective, Objectives
from automl.study.spec import Algorithm, StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.testing import FakeClock


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    return StudyFolder(tmp_path / "automl_studies", "study")


def no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def take(folder: StudyFolder, *, fresh: bool = False, **changes: Any) -> OpenStudy:
    return open_study(make_spec(**changes), folder, FakeClock(), fresh=fresh)


def take_and_leave(folder: StudyFolder, *, fresh: bool = False, **changes: Any) -> OpenStudy:
    study = take(folder, fresh=fresh, **changes)
    study.close()
    return study


def opening(spec: StudySpec, **more: Any) -> StudyOpened:
    """A study as it was opened before."""
    fields = {"study": spec.describe(), "seed": 1, "uid": "u", "host": "h", "pid": 1, **more}
    return StudyOpened(v=VERSION, at=FakeClock().now(), **fields)


def is_free(folder: StudyFolder) -> bool:
    try:
        StudyLock(folder).release()
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
    "cwd": ({"cwd": "/tmp"}, ['"/"', '"/tmp"']),  # noqa: S108 - never written to
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
        {"tasks": (BashTask(cmd=("true", "{{ trial.param.x }}"), metric_reader=OTHER_READER),)},
        {"objectives": LOWEST},
        {"objectives": Objectives((Objective(final="best"),))},
        {"objectives": Objectives((Objective(),), ("metric <= 1",))},
    ],
    ids=[
        "limits",
        "algorithm",
        "space",
        "trial limits",
        "metric",
        "direction",
        "final",
        "constraints",
    ],
)
def test_what_may_change_is_taken_over(folder: StudyFolder, changes: dict[str, Any]) -> None:
    take_and_leave(folder)
    before = folder.spec.read_text()
    study = take_and_leave(folder, **changes)
    assert study.state.latest is not None
    assert study.state.latest.study == make_spec(**changes).describe()
    assert folder.spec.read_text() != before


GIVEN: dict[str, dict[str, Any]] = {
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


def test_fresh_keeps_what_trials_left_without_a_journal(folder: StudyFolder) -> None:
    (folder.trials / "0").mkdir(parents=True)
    take_and_leave(folder, fresh=True)
    assert list(folder.trials.iterdir()) == []
    assert len(list(folder.path.parent.iterdir())) == 2


def test_the_old_lock_is_held_until_the_new_one_is(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_and_leave(folder)
    aside = StudyFolder(folder.path.parent, "aside")
    seen = []

    def set_aside(self: StudyFolder, _: object) -> Path:
        seen.append(is_free(self))
        self.path.rename(aside.path)
        seen.append(is_free(aside))
        return aside.path

    create = StudyFolder.create

    def created(self: StudyFolder) -> None:
        create(self)
        if seen:
            seen.append(is_free(aside))

    monkeypatch.setattr(lock, "_TRIES", 2)
    monkeypatch.setattr(StudyFolder, "set_aside", set_aside)
    monkeypatch.setattr(StudyFolder, "create", created)
    study = take(folder, fresh=True)
    assert seen == [False, False, False]
    assert is_free(aside)
    assert not is_free(folder)
    study.close()


def test_of_two_fresh_starts_at_once_one_wins(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_and_leave(folder)
    won: list[OpenStudy] = []
    set_aside = StudyFolder.set_aside

    def late(self: StudyFolder, now: datetime) -> Path:
        aside = set_aside(self, now)
        if not won:
            # The other one comes where there is no folder at all, and makes one.
            won.append(take(folder, fresh=True))
        return aside

    monkeypatch.setattr(lock, "_TRIES", 2)
    monkeypatch.setattr(StudyFolder, "set_aside", late)
    with pytest.raises(StudyBusyError, match=f"process {os.getpid()} on"):
        take(folder, fresh=True)
    assert won[0].journal.lost() == ""
    won[0].close()
    assert len(list(folder.path.parent.iterdir())) == 2


def test_many_fresh_starts_at_once_never_share_a_folder(folder: StudyFolder) -> None:
    take_and_leave(folder)
    opened: list[OpenStudy] = []
    refused: list[Exception] = []
    barrier = threading.Barrier(4)

    def start() -> None:
        barrier.wait()
        try:
            opened.append(take(folder, fresh=True))
        except Exception as error:  # noqa: BLE001 - looked at below
            refused.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {type(error) for error in refused} <= {StudyBusyError}
    assert len(opened) == 1
    assert opened[0].journal.lost() == ""
    opened[0].close()


@pytest.mark.parametrize("whole", [True, False])
def test_what_is_set_aside_is_cleared_before_while_nobody_else_can_have_it(
    folder: StudyFolder, *, whole: bool
) -> None:
    old = take_and_leave(folder)
    if not whole:
        folder.journal.write_text("nonsense\n")
    cleared: list[tuple[str, bool, bool]] = []

    def clear(uid: str) -> None:
        cleared.append((uid, folder.journal.exists(), is_free(folder)))

    open_study(make_spec(), folder, FakeClock(), fresh=not whole, clear=clear).close()
    assert cleared == ([] if whole else [("", True, False)])
    open_study(make_spec(), folder, FakeClock(), fresh=True, clear=clear).close()
    uid = old.uid if whole else load(folder.journal)[0][0].uid
    assert cleared[-1][1:] == (True, False)
    assert (cleared[-1][0] == uid) == whole


def test_an_interrupt_while_it_is_cleared_leaves_the_old_study_in_place(
    folder: StudyFolder,
) -> None:
    take_and_leave(folder)

    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_study(make_spec(), folder, FakeClock(), fresh=True, clear=interrupted)
    assert is_free(folder)
    assert list(folder.path.parent.iterdir()) == [folder.path]


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
    held = StudyLock(folder)
    journal = Journal(held, load(folder.journal)[1])
    journal.append([TrialRequeued(v=VERSION, at=FakeClock().now(), trial=7, reason="x")])
    journal.close()
    held.release()
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


def test_a_fresh_start_on_a_full_disk_keeps_the_study_aside_once(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_and_leave(folder)
    write = os.write

    def full(file: int, content: bytes) -> int:
        write(file, content[:20])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for name, broken in (("mkdir", no_room), ("open", no_room), ("write", full)):
        for _ in range(2):
            with monkeypatch.context() as patch:
                patch.setattr(os, name, broken)
                with pytest.raises(StorageError, match="No space left on device"):
                    take(folder, fresh=True)
    take_and_leave(folder, fresh=True)
    assert len(list(folder.path.parent.iterdir())) == 2
    assert len(load(folder.journal)[0]) == 1


@pytest.mark.parametrize("name", ["mkdir", "open", "write", "pread", "ftruncate", "rename"])
@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.EMFILE]
)
def test_what_may_pass_is_told_as_such_wherever_it_is_met(
    folder: StudyFolder, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    take_and_leave(folder)
    descriptors = len(list(Path("/dev/fd").iterdir()))
    with monkeypatch.context() as patch:
        patch.setattr(os, name, broken)
        if name == "mkdir":
            shutil.rmtree(folder.path)
        with pytest.raises(StorageError) as caught:
            take(folder, fresh=name == "rename")
    assert os.strerror(number) in str(caught.value)
    assert str(folder.path) in str(caught.value)
    assert len(list(Path("/dev/fd").iterdir())) == descriptors
    take_and_leave(folder)


@pytest.mark.parametrize("name", ["study.yaml", "journal.jsonl", "lock"])
def test_a_pipe_in_place_of_a_file_is_refused_at_once(folder: StudyFolder, name: str) -> None:
    folder.create()
    os.mkfifo(folder.path / name)
    with pytest.raises(JournalError, match=rf"{name}: it is no regular file; move it away"):
        take(folder)


def test_a_pipe_where_the_description_is_prepared_is_no_harm(folder: StudyFolder) -> None:
    folder.create()
    os.mkfifo(folder.spec.with_suffix(".new"))
    take_and_leave(folder)
    assert "name: study" in folder.spec.read_text()


@pytest.mark.parametrize("text", ["d\udcff", "\x01\u2028\x85", "x" * 70_000])
def test_any_text_of_the_description_is_kept(folder: StudyFolder, text: str) -> None:
    space = SearchSpace((Categorical(name="x", candidates=(text, "b")),))
    take_and_leave(folder, space=space)
    state = take_and_leave(folder, space=space).state
    assert state.latest is not None
    assert state.latest.study["hyperparams"][0]["candidates"] == [text, "b"]
    described = yaml.safe_load(folder.spec.read_text())
    assert described["hyperparams"][0]["candidates"] == [text, "b"]


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
    check_same_study(opening(make_spec()), make_spec(max_trials=9), folder)


@pytest.mark.parametrize(
    ("release", "told"), [("0.0.7", "automl 0.0.7"), ("", "an earlier release of automl")]
)
def test_a_study_that_another_release_ran_says_so_once(
    tmp_path: Path,
    release: str,
    told: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level("INFO", "automl")
    folder = StudyFolder(tmp_path, "study")
    with monkeypatch.context() as patch:
        patch.setattr(automl, "__version__", release)
        open_study(make_spec(tmp_path), folder, FakeClock(), fresh=False).close()
    assert "last run with" not in caplog.text
    for _ in range(2):
        open_study(make_spec(tmp_path), folder, FakeClock(), fresh=False).close()
    line = f"the study was last run with {told}, and goes on with automl {automl.__version__}"
    assert caplog.text.count(line) == 1
    assert caplog.text.count("last run with") == 1


def test_a_difference_of_variables_is_told_by_names_alone(folder: StudyFolder) -> None:
    known = make_spec(env={"SAME": "1", "TOKEN": "hush-old", "GONE": "hush-gone"})
    now = make_spec(env={"SAME": "1", "TOKEN": "hush-new", "NEW": "hush-added"})
    with pytest.raises(SpecError) as told:
        check_same_study(opening(known), now, folder)
    assert "env: another value of GONE, NEW, TOKEN, or none" in str(told.value)
    assert "hush" not in str(told.value)
