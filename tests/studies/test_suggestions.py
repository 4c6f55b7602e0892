"""What is suggested is what the study itself tries next."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from asking import learnt
from loop_bench import Bench
from loop_fakes import PATTERN, Died, prints
from msgspec import structs

from automl.clock import Clock
from automl.errors import JournalError
from automl.journal.control import append_request
from automl.journal.events import Event, StudyClosed, StudyOpened, TrialPlanned, encode
from automl.journal.fold import fold
from automl.journal.folder import StudyFolder
from automl.journal.lock import StudyLock
from automl.journal.requests import AddTrial, AddTrials, Drain, Pause, Request
from automl.search.algorithms import Search, make_proposer
from automl.search.problem import problem_of
from automl.space.parameters import Categorical, Real
from automl.space.space import SearchSpace
from automl.studies.next_trials.suggestions import Suggestion, Suggestions, suggestions
from automl.studies.next_trials.told_so_far import told_so_far
from automl.studies.study import Study
from automl.study.budget import Budget
from automl.study.launch import Launch
from automl.study.limits import EarlyStop
from automl.study.objective import Direction
from automl.study.spec import Algorithm
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.testing import FakeRun

SPACE = SearchSpace(
    (
        Real(name="a", min_value=0.0, max_value=1.0),
        Real(name="b", min_value=0.001, max_value=1.0, log=True),
    )
)
FEW = SearchSpace((Categorical(name="a", candidates=(1, 2, 3)),))
READER = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
TRAIN = BashTask(cmd=("train", "{{ trial.param.a }}"), metric_reader=READER)
STEPS = ("--to", "{{ trial.budget }}", "{{ trial.checkpoint_dir }}", "{{ trial.previous_budget }}")
LONG = BashTask(cmd=(*TRAIN.cmd, *STEPS), metric_reader=READER)
EPOCHS = Budget(name="epochs", min=1, max=9)


def tries(launch: Launch) -> FakeRun:
    """A launch whose number and length depend on its values, so that ends cross."""
    value = float(json.loads(Path(launch.script).with_name("params.json").read_text())["a"])
    return prints(launch, f"value={value * (1 - value)}", after_s=1 + int(value * 100) % 5)


class Studied:
    """A study whose loop is played."""

    def __init__(self, place: Path, **changes: Any) -> None:
        usual = {"space": SPACE, "tasks": (TRAIN,), "max_trials": 8, "max_parallel": 3}
        self.bench = Bench(place, **usual | changes)
        self.bench.program = tries
        self.bench.search = self._search
        self.study = Study(self.bench.folder)

    def _search(self, seed: int) -> Search:
        spec = self.bench.spec
        made = make_proposer(spec.algorithm, problem_of(spec, seed, spec.limits.max_trials))
        # No time passes while it thinks.
        return replace(made, aside=False)

    def more(self, count: int = 1) -> Suggestions:
        return suggestions(self.study, count, self.bench.clock)


Make = Callable[..., Studied]


@pytest.fixture
def studied(tmp_path: Path) -> Iterator[Make]:
    made: list[Studied] = []

    def make(**changes: Any) -> Studied:
        made.append(Studied(tmp_path, **changes))
        return made[-1]

    yield make
    for one in made:
        one.bench.close()


def cut_before_each(events: Sequence[Event]) -> Iterator[tuple[list[Event], TrialPlanned]]:
    """Give what was known when each trial was planned, and the trial."""
    for place, event in enumerate(events):
        if isinstance(event, TrialPlanned):
            yield list(events[:place]), event


POPULATION = {"algorithm": Algorithm(type="pbt", options={"population": 3}), "budget": EPOCHS}


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": Algorithm(type="random")},
        {"algorithm": Algorithm(type="sobol")},
        {"algorithm": Algorithm(type="tpe", options={"initial_trials_num": 3})},
        {"algorithm": Algorithm(type="cmaes")},
        {"algorithm": Algorithm(type="evolution", options={"population_size": 3})},
        {"algorithm": Algorithm(type="grid"), "space": FEW, "max_trials": 3},
        {"start_with": ({"a": 0.5, "b": 0.5},)},
        {"budget": EPOCHS, "tasks": (LONG,)},
        {**POPULATION, "tasks": (LONG,)},
    ],
    ids=["random", "sobol", "tpe", "cmaes", "evolution", "grid", "start_with", "budget", "pbt"],
)
def test_a_running_study_tries_what_is_suggested(
    studied: Make, tmp_path: Path, changes: dict[str, Any]
) -> None:
    one = studied(**changes)
    one.bench.run()
    for known, planned in cut_before_each(one.bench.events()):
        (new,) = suggested(tmp_path / "cut", known, one.bench.clock)
        assert new.trial == fold([*known, planned]).trials[planned.trial]
        assert f"train {planned.params['a']}" in new.command


def test_a_running_study_of_a_learnt_space_tries_what_is_suggested(tmp_path: Path) -> None:
    one = learnt(partial(Bench, tmp_path), asks_for_two, max_trials=8, max_parallel=2)
    try:
        one.run()
    finally:
        one.close()
    proposed = 0
    for known, planned in cut_before_each(one.events()):
        (new,) = suggested(tmp_path / "cut", known, one.clock)
        assert new.trial == fold([*known, planned]).trials[planned.trial]
        proposed += bool(new.trial.proposed)
    assert proposed > 3


def asks_for_two(trial: Any) -> float:
    kind = trial.suggest_categorical("kind", ["a", "b"])
    return float(trial.suggest_float("x", 0, 1)) + (kind == "a")


def suggested(place: Path, known: Sequence[Event], clock: Clock) -> Sequence[Suggestion]:
    """Return what is suggested of a running study whose journal has these events."""
    cut = StudyFolder(place, "study")
    cut.create()
    content = b"".join(map(encode, known))
    cut.journal.write_bytes(content)
    lock = StudyLock(cut)
    found = suggestions(Study(cut), 1, clock)
    lock.release()
    assert cut.journal.read_bytes() == content
    return found.new


def test_the_next_start_tries_what_is_suggested(studied: Make) -> None:
    one = studied(max_trials=5)
    one.bench.run()
    assert one.more().new == []
    append_request(one.bench.folder.control, AddTrial({"a": 0.25, "b": 0.5}, note="a hunch"))
    append_request(one.bench.folder.control, AddTrials(4))
    found = one.more(2)
    first = [(early.trial.id, early.trial.params, early.why) for early in found.earlier]
    assert first == [(5, {"a": 0.25, "b": 0.5}, "asked for")]
    assert [new.trial.id for new in found.new] == [6, 7]
    assert found.reason == ""
    assert one.more(9).new[:2] == found.new
    assert one.more(9).reason.startswith("all 10 trials are planned")
    one.bench.run()
    trials = one.study.trials
    assert [new.trial.params for new in found.new] == [trials[6].params, trials[7].params]


def test_what_was_interrupted_goes_first(studied: Make) -> None:
    one = studied()
    one.bench.interrupt_after(1.5)
    one.bench.run()
    left = [trial.id for trial in one.study.trials if not trial.state.finished]
    assert left
    found = one.more()
    assert [(early.trial.id, early.why) for early in found.earlier] == [
        (trial_id, "waits to run again") for trial_id in left
    ]
    assert [new.trial.id for new in found.new] == [len(one.study.trials)]


def test_a_study_that_died_is_told_of(studied: Make) -> None:
    one = studied()
    one.bench.die_after(1.5)
    with pytest.raises(Died):
        one.bench.run()
    (note,) = one.more().notes
    assert note.startswith("what trial ")
    assert "is not known before its next start" in note


def test_a_trial_that_goes_on_to_a_larger_budget_goes_first(studied: Make) -> None:
    one = studied(budget=EPOCHS, tasks=(LONG,), max_trials=5, max_parallel=1)
    one.bench.ask_after(20, AddTrials(1))
    one.bench.interrupt_after(16)
    one.bench.run()
    (goes_on,) = one.more().earlier
    assert goes_on.trial.stage.budget == 3
    assert goes_on.why


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"max_trials": 4}, "all 4 trials are planned, as many as the study may have; "),
        ({"space": FEW}, "the search has nothing to propose after 3 trials: "),
        (
            {"early_stop": EarlyStop(direction=Direction.MAXIMIZE, threshold=0.0)},
            r"trial \d reached 0\.\d+ \(threshold 0\)",
        ),
        ({**POPULATION, "tasks": (LONG,), "max_trials": 99}, "the population is trained"),
    ],
    ids=["limit", "space", "good enough", "population"],
)
def test_a_study_without_a_next_trial_says_why(
    studied: Make, changes: dict[str, Any], reason: str
) -> None:
    one = studied(**changes)
    one.bench.run()
    found = one.more()
    assert found.new == []
    assert re.match(reason, found.reason)


@pytest.mark.parametrize(
    ("request_", "reason"),
    [(Pause(), "paused by request"), (Drain(), "drained by request")],
    ids=["pause", "drain"],
)
def test_a_running_study_that_starts_nothing_says_so(
    studied: Make, request_: Request, reason: str
) -> None:
    one = studied()
    one.bench.ask_after(2.5, request_)
    one.bench.die_after(9)
    with suppress(Died):
        one.bench.run()
    lock = StudyLock(one.bench.folder)
    running = [event for event in one.bench.events() if not isinstance(event, StudyClosed)]
    one.bench.folder.journal.write_bytes(b"".join(map(encode, running)))
    found = one.more()
    lock.release()
    assert (found.new, found.reason) == ([], reason)


def test_members_that_run_are_waited_for(studied: Make) -> None:
    one = studied(**POPULATION, tasks=(LONG,), max_trials=99)
    one.bench.die_after(0.5)
    with pytest.raises(Died):
        one.bench.run()
    lock = StudyLock(one.bench.folder)
    found = one.more()
    lock.release()
    assert found.new == []
    assert found.reason == "the search proposes nothing before a trial that runs has ended"


def test_without_time_left_there_is_none(studied: Make) -> None:
    one = studied(max_runtime_s=60.0, max_trials=99)
    one.bench.die_after(8)
    with pytest.raises(Died):
        one.bench.run()
    lock = StudyLock(one.bench.folder)
    one.bench.away(100)
    found = one.more()
    lock.release()
    assert found.new == []
    assert "max_runtime" in found.reason


def test_a_command_that_cannot_be_made_here_is_told(studied: Make) -> None:
    files = ({"base": "conf.json", "set": {"a": "{{ trial.param.a }}"}},)
    task = BashTask(cmd=("train", "{{ trial.file.conf }}"), metric_reader=READER, files=files)  # type: ignore[arg-type]
    one = studied(tasks=(task,), max_trials=2)
    base = Path(one.bench.spec.cwd, "conf.json")
    base.write_text('{"a": 0}')
    one.bench.run()
    append_request(one.bench.folder.control, AddTrials(1))
    base.unlink()
    found = one.more()
    assert found.new[0].trial.id == 2
    assert found.new[0].command == ""
    assert found.notes[0].startswith("the commands cannot be told from here: ")


def test_what_other_studies_found_is_not_known(studied: Make) -> None:
    one = studied(max_trials=2)
    one.bench.run()
    append_request(one.bench.folder.control, AddTrials(1))
    first, *rest = one.bench.events()
    assert isinstance(first, StudyOpened)
    told = [structs.replace(first, known=7), *rest]
    one.bench.folder.journal.write_bytes(b"".join(map(encode, told)))
    (note,) = one.more().notes
    assert note.startswith("the search also knows 7 results of other studies (warm_start)")


def test_a_study_that_has_not_begun_has_none(studied: Make) -> None:
    one = studied()
    one.bench.folder.create()
    one.bench.folder.journal.write_bytes(b"")
    with pytest.raises(JournalError, match="has not begun"):
        one.more()


def test_the_search_was_told_as_things_happened(studied: Make) -> None:
    one = studied()
    one.bench.interrupt_after(4)
    one.bench.run()
    view = one.bench.run()
    told = told_so_far(one.bench.events(), one.bench.spec, runs=True)
    assert told.history == list(view.history)
    ended = [one.trial_id for one in told.history if one.state.finished]
    assert ended != sorted(ended)
    # Another controller would tell its search in the order of the trials.
    anew = told_so_far(one.bench.events(), one.bench.spec, runs=False).history
    ended = [one.trial_id for one in anew if one.state.finished]
    assert ended == sorted(ended)


def test_a_function_has_no_command(studied: Make) -> None:
    one = studied(max_trials=2)
    one.bench.run()
    append_request(one.bench.folder.control, AddTrials(1))
    first, *rest = one.bench.events()
    assert isinstance(first, StudyOpened)
    task = {"type": "FunctionTask", "function": "train.py:objective"}
    study = {**first.study, "tasks": [task], "objectives": [{"metric": "value"}]}
    told = [structs.replace(first, study=study), *rest]
    one.bench.folder.journal.write_bytes(b"".join(map(encode, told)))
    found = one.more()
    assert [new.command for new in found.new] == [""]
    assert found.notes == ["a function has no command: the study itself calls it"]
