"""A study whose folder an earlier release left, its controller killed, goes on with this one."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from kept_studies import ladder, rich

from automl.hpo import AutoTuner
from automl.study.trial import Trial, TrialState

KEPT = Path(__file__).parent / "assets" / "0.1.0"
ENDED = (0, 1, 2, 3, 4)
"""The trials of the rich study that had ended before its controller was killed."""

Place = Callable[[str], Path]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A way to lay a kept study into the working directory, as if it had been run there."""

    def lay(name: str) -> Path:
        monkeypatch.chdir(tmp_path)
        for script in KEPT.glob("*.sh"):
            shutil.copy(script, tmp_path)
        folder = tmp_path / "automl_studies" / name
        shutil.copytree(KEPT / name, folder)
        for path in folder.rglob("*"):
            # Files are as old as a copy; of those with paths in them, the paths become ours.
            if path.suffix in {".sh", ".jsonl", ".yaml"}:
                text = path.read_text(encoding="utf-8")
                path.write_text(text.replace("/study", str(tmp_path)), encoding="utf-8")
        return folder

    return lay


def by_id(tuner: AutoTuner) -> dict[int, Trial]:
    return {trial.id: trial for trial in tuner.trials}


def ran() -> list[str]:
    """Return what was launched, in the order of its words."""
    path = Path("ran")
    return sorted(path.read_text(encoding="utf-8").splitlines()) if path.exists() else []


def test_what_had_ended_stays_as_it_was(place: Place) -> None:
    place("rich")
    tuner = rich()
    tuner.fit()
    trials = by_id(tuner)
    known = [(one.state, one.value, one.attempts, one.reason) for one in trials.values()]
    assert known[: len(ENDED)] == [
        (TrialState.COMPLETED, 0.0, 1, ""),
        (TrialState.FAILED, None, 2, "exit code 3: no such data"),
        (TrialState.STOPPED, 0.1, 1, "stopped by the user"),
        (TrialState.COMPLETED, 0.3, 2, ""),
        (TrialState.COMPLETED, 0.4, 1, ""),
    ]
    assert [trials[one].duration_s for one in ENDED] == [2.013, 0.02, 2.998, 0.01, 2.003]
    assert not set("01234") & set(ran())


def test_the_rest_is_collected_launched_again_or_launched(place: Place) -> None:
    place("rich")
    tuner = rich()
    table = tuner.fit()
    trials = by_id(tuner)
    # Trial 5 left its exit code, 6 waited for its retry, 7 and 8 were gone, 9 was not planned.
    assert [(one, trials[one].value) for one in range(5, 10)] == [
        (one, one / 10) for one in range(5, 10)
    ]
    assert ran() == ["6", "7", "8", "9"]
    assert [trials[one].attempts for one in range(5, 10)] == [1, 2, 2, 2, 1]
    assert table["metadata", "id"].tolist()[:7] == [9, 8, 7, 6, 5, 4, 3]


def test_a_study_that_went_on_is_complete_and_starts_nothing_more(place: Place) -> None:
    folder = place("rich")
    first = rich().fit()
    launched, scripts = ran(), sorted(folder.rglob("trial.sh"))
    second = rich().fit()
    assert second.equals(first)
    assert (ran(), sorted(folder.rglob("trial.sh"))) == (launched, scripts)


def test_fewer_trials_may_be_asked_of_it(place: Place) -> None:
    place("rich")
    tuner = rich(max_trial_num=7)
    tuner.fit()
    # Those that were planned are launched, however few are asked for now.
    assert ran() == ["6", "7", "8"]
    assert len(tuner.trials) == 9


def test_the_kept_output_of_a_trial_is_set_aside_before_it_is_launched_again(place: Place) -> None:
    folder = place("rich")
    before = (folder / "trials" / "7" / "stdout.log").read_bytes()
    rich().fit()
    [kept] = (folder / "trials" / "7" / "attempts").rglob("stdout.log")
    assert kept.read_bytes() == before
    assert (folder / "trials" / "7" / "stdout.log").stat().st_size > len(before)


def test_a_ladder_goes_on_at_the_rungs_that_it_had_reached(place: Place) -> None:
    place("ladder")
    tuner = ladder()
    tuner.fit()
    trials = by_id(tuner)
    assert ran() == ["2 4", "3 4"]
    assert [(one.state, one.value) for one in trials.values()] == [
        (TrialState.PRUNED, 0.1),
        (TrialState.PRUNED, 1.2),
        (TrialState.COMPLETED, 2.4),
        (TrialState.COMPLETED, 3.4),
    ]
    assert tuner.best_trial.id == 3


def test_a_kept_ladder_starts_nothing_again_once_it_is_complete(place: Place) -> None:
    place("ladder")
    first = ladder().fit()
    launched = ran()
    assert ladder().fit().equals(first)
    assert ran() == launched
