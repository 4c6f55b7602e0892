"""A study goes on in another place only where nothing of it can be left in the one before."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from loop_bench import Bench
from loop_fakes import Died, make_spec, prints

from automl.errors import SpecError
from automl.loop.opening.mode_change import check_mode
from automl.study.spec import StudySpec

MakeBench = Callable[..., Bench]


def elsewhere(tmp_path: Path, mode: str = "slurm") -> StudySpec:
    return make_spec(tmp_path, mode=mode)


def test_an_ended_study_goes_on_anywhere(bench: MakeBench, tmp_path: Path) -> None:
    one = bench(max_trials=1)
    one.run()
    for mode in ("local", "slurm"):
        check_mode(one.state(), elsewhere(tmp_path, mode))


def test_what_runs_or_may_be_queued_is_awaited_where_it_is(
    bench: MakeBench, tmp_path: Path
) -> None:
    one = bench(max_trials=2, max_parallel=2)
    one.program = lambda launch: prints(launch, after_s=100)
    one.die_after(5)
    with contextlib.suppress(Died):
        one.run()
    check_mode(one.state(), elsewhere(tmp_path, "local"))
    with pytest.raises(SpecError, match=r"trials 0, 1 may still run.*mode='local' until it has"):
        check_mode(one.state(), elsewhere(tmp_path))


def test_what_may_have_been_submitted_counts_too(bench: MakeBench, tmp_path: Path) -> None:
    one = bench(max_trials=1)
    one.program = lambda launch: prints(launch, queued_s=100)
    one.die_after(5)
    with contextlib.suppress(Died):
        one.run()
    with pytest.raises(SpecError, match="trials may be queued"):
        check_mode(one.state(), elsewhere(tmp_path))


def test_the_mode_is_kept_where_it_is_not_the_usual_one(tmp_path: Path) -> None:
    assert elsewhere(tmp_path).describe()["mode"] == "slurm"
    assert "mode" not in elsewhere(tmp_path, "local").describe()
    assert elsewhere(tmp_path).identity() == elsewhere(tmp_path, "local").identity()
