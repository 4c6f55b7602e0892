"""A study that runs in a thread of its own, and who waits for it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.errors import AutomlError, JournalError
from automl.hpo import AutoTuner
from automl.journal.folder import StudyFolder
from automl.loop import controller as module
from automl.studies.prepared import prepare
from automl.studies.running import run
from automl.studies.telling.observers import LineObserver
from automl.study.trial import TrialState

Right = Callable[..., dict[str, Any]]
DEADLINE_S = 120


def waited(tuner: AutoTuner, count: int) -> list[object]:
    """Return what so many threads, all at once, got of a tuner."""
    found: list[object] = []
    ready = threading.Barrier(count)

    def wait() -> None:
        ready.wait(DEADLINE_S)
        try:
            found.append(tuner.wait())
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            found.append(error)

    threads = [threading.Thread(target=wait) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    return found


@pytest.mark.parametrize("ended", [False, True])
def test_any_threads_may_wait_also_after_the_study(
    ended: bool,  # noqa: FBT001 - a parameter of the test
    right: Right,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    del folder
    tuner = AutoTuner(**right())
    tuner.fit(synchronize=False)
    if ended:
        tuner.wait()
    found = waited(tuner, 4)
    assert len(found) == 4
    assert all(tuner.results.equals(one) for one in found), found
    assert capsys.readouterr().out.count("results:") == 1
    assert tuner.wait().equals(tuner.results)
    assert [trial.state for trial in tuner.trials] == [TrialState.COMPLETED] * 2


def test_every_waiting_thread_is_told_the_error(right: Right, folder: Path) -> None:
    (folder / "file").write_text("")
    tuner = AutoTuner(**right(study_dir="file"))
    tuner.fit(synchronize=False)
    found = waited(tuner, 3)
    assert [type(one) for one in found] == [JournalError] * 3
    with pytest.raises(AutomlError, match=r"call fit\(\) first"):
        _ = tuner.results


def test_a_tuner_runs_once_at_a_time_and_again_once_it_was_waited_for(
    right: Right, folder: Path
) -> None:
    del folder
    tuner = AutoTuner(**right())
    tuner.fit(synchronize=False)
    with pytest.raises(AutomlError, match=r"running already; call wait\(\)"):
        tuner.fit()
    first = tuner.wait()
    tuner.fit(synchronize=False)
    assert tuner.wait().equals(first)
    assert tuner.fit().equals(first)


def test_a_study_is_run_without_any_door(folder: Path) -> None:
    reader = {
        "type": "local_reader",
        "location": "{{ trial.dir }}/stdout.log",
        "parser_pattern": r"(\S+)",
    }
    study = prepare(
        {
            "hyperparams": [{"type": "Categorical", "name": "x", "candidates": [1, 2]}],
            "task_list": [
                {"type": "BashTask", "cmd": "echo {{ trial.param.x }}", "metric_reader": reader}
            ],
            "max_parallel": 1,
            "max_trial_num": 2,
        },
        str(folder),
    )
    assert study.folder.path == folder / "automl_studies" / "study"
    assert list(folder.iterdir()) == []
    result = run(study.spec, study.folder, LineObserver(study.spec))
    assert result.complete
    assert result.best is not None
    assert result.best.params == {"x": 2}
    assert isinstance(study.folder, StudyFolder)


def test_fit_aside_returns_once_the_folder_is_there(
    right: Right, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, go = threading.Event(), threading.Event()
    really = module.open_study

    def held(*args: Any, **options: Any) -> object:
        entered.set()
        assert go.wait(DEADLINE_S)
        return really(*args, **options)

    monkeypatch.setattr(module, "open_study", held)
    tuner = AutoTuner(**right())
    begun = threading.Event()

    def begin() -> None:
        tuner.fit(synchronize=False)
        assert (folder / "automl_studies/study/journal.jsonl").exists()
        begun.set()

    thread = threading.Thread(target=begin)
    thread.start()
    assert entered.wait(DEADLINE_S)
    assert not begun.is_set()
    go.set()
    assert begun.wait(DEADLINE_S)
    thread.join(DEADLINE_S)
    tuner.wait()
