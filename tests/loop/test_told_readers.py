"""What is logged of readers while a study runs: of each kind once, the rest in the reasons."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from loop_bench import Bench
from loop_fakes import prints

from automl.study.launch import Launch
from automl.study.objective import Direction, Objective, Objectives
from automl.testing import FakeRun

MakeBench = Callable[..., Bench]


def prints_on(bench: Bench, texts: list[str]) -> Callable[[Launch], FakeRun]:
    """A program that prints a text every 2 seconds, and ends after them."""

    def program(launch: Launch) -> FakeRun:
        def append(text: str) -> None:
            with Path(launch.stdout).open("a") as file:
                file.write(f"{text}\n")

        for number, text in enumerate(texts):
            bench.stage.after(2.0 * number, lambda text=text: append(text))
        return FakeRun(after_s=2.0 * len(texts))

    return program


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno == logging.WARNING and "parser_pattern" in record.getMessage()
    ]


def test_a_pattern_that_matches_nothing_is_told_once_while_the_first_trial_runs(
    bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    one = bench(max_trials=2, max_parallel=1)
    one.program = prints_on(one, ["values: 0.5", "values: 0.6", "values: 0.7", "values: 0.8"])
    one.run()
    (text,) = told(caplog)
    assert "has not matched yet in the 2 lines" in text
    assert r"parser_pattern='values: (\\S+)'" in text
    assert r"parser_pattern='values: (\\S+)' reads 0.8" in one.state().trials[0].reason


def test_once_a_trial_has_a_value_its_pattern_is_known_to_match(
    bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    one = bench(max_trials=2, max_parallel=1)
    silent = ["values: 0.5"] * 4
    one.program = lambda launch: prints_on(
        one, ["value=1"] if launch.trial_id == 0 else [*silent, "value=2"]
    )(launch)
    one.run()
    assert [trial.value for trial in one.state().trials.values()] == [1.0, 2.0]
    assert told(caplog) == []


def test_what_is_taken_out_of_words_is_told_once_for_each_unit(
    bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    one = bench(max_trials=3, max_parallel=1)
    texts = ["value=900ms", "value=1.1s", "value=800ms"]
    one.program = lambda launch: prints_on(one, [texts[launch.trial_id]])(launch)
    one.run()
    assert [trial.value for trial in one.state().trials.values()] == [900.0, 1.1, 800.0]
    assert ["'900ms'" in text or "'1.1s'" in text for text in told(caplog)] == [True, True]


def test_values_that_are_all_the_same_are_told_once(
    bench: MakeBench, caplog: pytest.LogCaptureFixture
) -> None:
    one = bench(max_trials=12)
    one.program = prints
    one.run()
    alike = [each for each in caplog.records if "have the same value" in each.getMessage()]
    assert [each.levelname for each in alike] == ["WARNING"]
    assert "all 5 completed trials have the same value, 1, whatever" in alike[0].getMessage()


@pytest.mark.parametrize(("direction", "named"), [("maximize", "gain"), ("minimize", "loss")])
def test_what_is_proposed_fits_the_direction(bench: MakeBench, direction: str, named: str) -> None:
    objectives = Objectives((Objective(direction=Direction(direction)),))
    one = bench(max_trials=1, max_parallel=1, objectives=objectives)
    one.program = prints_on(one, ["loss: 0.5 gain: 0.3"])
    one.run()
    assert rf"parser_pattern='{named}: (\\S+)'" in one.state().trials[0].reason
