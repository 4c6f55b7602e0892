"""A study whose folder is taken away while it runs."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from loop_bench import Bench
from loop_fakes import fails, prints

from automl.errors import JournalError, StorageError
from automl.journal.events import StudyClosed, TrialEnded
from automl.journal.folder import StudyFolder
from automl.journal.journal import load
from automl.study.trial import TrialState

MakeBench = Callable[..., Bench]


def move(folder: StudyFolder) -> None:
    folder.path.rename(folder.path.with_name("moved"))


def replace(folder: StudyFolder) -> None:
    move(folder)
    shutil.copytree(folder.path.with_name("moved"), folder.path)


def delete(folder: StudyFolder) -> None:
    shutil.rmtree(folder.path)


def delete_journal(folder: StudyFolder) -> None:
    folder.journal.unlink()


def delete_trials(folder: StudyFolder) -> None:
    shutil.rmtree(folder.trials)


def cut(folder: StudyFolder) -> None:
    folder.journal.write_bytes(b"")


LOSSES: dict[str, tuple[Callable[[StudyFolder], None], str]] = {
    "moved": (move, "was moved away"),
    "replaced": (replace, "was replaced by another file"),
    "deleted": (delete, "was deleted"),
    "without its journal": (delete_journal, "was deleted"),
    "without trials": (delete_trials, "trials was deleted"),
    "with a cut journal": (cut, "somebody else has cut"),
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("lasts_s", [1.0, 1000.0], ids=["many starts", "no start"])
def test_it_says_so_starts_nothing_more_and_ends_its_trials(
    bench: MakeBench, loss: str, lasts_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    one = bench(max_trials=1000, max_parallel=2, grace_s=5)
    one.program = lambda launch: prints(launch, after_s=lasts_s, stop_s=2)
    take, told = LOSSES[loss]
    one.stage.after(20.5, lambda: take(one.folder))
    with pytest.raises(JournalError, match=told) as caught:
        one.run()
    assert not isinstance(caught.value, StorageError)
    assert one.last_stage.starts_at[-1] <= 20.5
    assert one.last_stage.running == set()
    assert one.clock.monotonic() <= 25
    assert [record.getMessage() for record in caplog.records].count(str(caught.value)) == 1
    if loss in {"moved", "deleted"}:
        assert not one.folder.path.exists()


def test_a_moved_study_goes_on_where_it_was_moved_back(bench: MakeBench) -> None:
    one = bench(max_trials=6, max_parallel=2)
    one.program = lambda launch: prints(launch, f"value={launch.trial_id}", after_s=3)
    moved = one.folder.path.with_name("moved")
    one.stage.after(4, lambda: one.folder.path.rename(moved))
    with pytest.raises(JournalError, match=f"was moved away to {moved}"):
        one.run()
    # What happened up to its end stands in the journal that was moved.
    last = load(moved / "journal.jsonl")[0][-1]
    assert isinstance(last, StudyClosed)
    assert last.reason == "the study's folder was lost"
    moved.rename(one.folder.path)
    view = one.run()
    assert view.complete
    assert [trial.value for trial in view.trials.values()] == [0, 1, 2, 3, 4, 5]


def test_no_trial_fails_for_the_loss_of_its_folder(bench: MakeBench) -> None:
    one = bench(max_trials=9, max_parallel=3)
    one.program = lambda launch: (
        fails(launch, "No such file or directory", after_s=20)
        if launch.trial_id
        else prints(launch, after_s=20)
    )
    moved = one.folder.path.with_name("moved")
    # In the same instant as the ends.
    one.stage.after(20, lambda: one.folder.path.rename(moved))
    with pytest.raises(JournalError):
        one.run()
    events = load(moved / "journal.jsonl")[0]
    failed = [one for one in events if isinstance(one, TrialEnded)]
    assert [one.state for one in failed if one.state is TrialState.FAILED] == []


def test_a_trial_whose_folder_is_deleted_fails_alone_and_says_why(bench: MakeBench) -> None:
    one = bench(max_trials=3, max_parallel=1)
    one.program = lambda launch: prints(launch, after_s=10)
    one.stage.after(5, lambda: shutil.rmtree(one.folder.trial(0).path))
    one.run()
    first, *others = one.state().trials.values()
    # What had been read of it stays, or the reason names the file.
    assert first.state is TrialState.COMPLETED or "stdout.log" in first.reason
    assert [trial.state for trial in others] == [TrialState.COMPLETED] * 2


def test_a_parent_that_is_renamed_is_a_loss_too(bench: MakeBench, tmp_path: Path) -> None:
    one = bench(max_trials=9, max_parallel=1)
    one.program = lambda launch: prints(launch, after_s=10)
    other = tmp_path.with_name(f"{tmp_path.name}-other")
    one.stage.after(5, lambda: tmp_path.rename(other))
    with pytest.raises(JournalError, match="was moved away"):
        one.run()
    assert not tmp_path.exists()
    other.rename(tmp_path)
    one.run()
