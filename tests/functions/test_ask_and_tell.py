"""`ask` and `tell` where Optuna has nothing like it: later processes, crashes, mixed studies."""

import json
import math
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import optuna
import pytest

import automl
from automl.cli.exits import WELL, WITHOUT_VALUE
from automl.cli.run.script import run_script
from automl.engine.stimuli import Started, TrialAdded
from automl.errors import AutomlError, SpecError, StorageError, StudyBusyError
from automl.functions import create
from automl.functions.asking import asking
from automl.functions.asking.trial import AskedTrial
from automl.functions.study import Study
from automl.hpo.on_disk import open_study
from automl.inside.outcome import COMPLETED, CallOutcome, write_outcome
from automl.inside.reports import Report, write_report
from automl.inside.stand_in import StudyStandIn
from automl.journal.folder import StudyFolder
from automl.journal.journal import load
from automl.loop.asked.closing import ASKED_FOR
from automl.loop.asked.held import hold
from automl.studies.from_terminal import FROM_TERMINAL
from automl.studies.prepared import prepare
from automl.study.trial import TrialState

pytestmark = pytest.mark.xdist_group("asking")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current directory; what was asked there is held by nobody afterwards.

    Few of these trials have processes, so that none is looked for.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(create, "_CREATED", create._Created())
    yield tmp_path
    let_go()


def let_go() -> None:
    for one in list(asking._BY_FOLDER.values()):
        one.close()


def new(name: str = "asked", **given: Any) -> Study:
    """The study, as a new process of its script creates it; nobody holds it."""
    let_go()
    create._CREATED = create._Created()
    return automl.create_study(study_name=name, **given)


def killed() -> None:
    """Let go what is held as `kill -9` does: nothing more is written."""
    for one in list(asking._BY_FOLDER.values()):
        study = one._now
        if study is None:
            continue
        one._forget()
        study._held.closing.pop_all()
        study._held.results.__exit__(OSError, OSError(), None)
        study._held.study.journal.close()
        study._held.study.lock.release()


def journal(name: str = "asked") -> list[Any]:
    return load(StudyFolder(Path("automl_studies").absolute(), name).journal)[0]


def test_nothing_is_written_before_a_trial_is_asked_for(place: Path) -> None:
    study = new()
    with pytest.raises(ValueError, match="has not been created"):
        study.tell(0, 1.0)
    assert list(place.iterdir()) == []


def test_a_later_process_tells_of_a_trial_by_its_number() -> None:
    trial = new().ask()
    x = trial.suggest_float("x", 0, 1)
    trial.report(3.0, 1)
    trial.set_user_attr("who", "me")
    study = new()
    told = study.tell(0, 0.5)
    assert (told.value, told.params, told.user_attrs) == (0.5, {"x": x}, {"who": "me"})
    assert told.intermediate_values[1] == 3.0
    with pytest.raises(ValueError, match="it has ended, as completed"):
        new().tell(0, 0.25)


def test_a_later_process_ends_one_with_its_last_report() -> None:
    trial = new().ask()
    trial.report(3.0, 1)
    trial.report(2.0, 2)
    assert new().tell(0, state=automl.TrialState.PRUNED).value == 2.0


def test_a_process_that_was_killed_loses_no_trial() -> None:
    study = new()
    trial, other = study.ask(), study.ask()
    values = [one.suggest_float("x", 0, 1) for one in (trial, other)]
    study.tell(other, 7.0)
    killed()
    study = new()
    assert [one.state.name for one in study.trials] == ["RUNNING", "COMPLETE"]
    assert [one.params["x"] for one in study.trials] == values
    assert study.tell(0, 1.0).value == 1.0
    assert [one.value for one in study.trials] == [1.0, 7.0]


def test_what_was_suggested_just_before_a_kill_is_known_to_the_next_trial() -> None:
    space = {"n": optuna.distributions.IntDistribution(0, 1)}
    study = new()
    study.tell(study.ask(fixed_distributions=space), 1.0)
    last = study.ask()
    one = asking.asking_of(study.folder)._now
    assert one is not None
    one._open.clear()  # It is killed between the trial's file and the journal.
    n = last.suggest_int("n", 0, 1)
    assert study.trials[1].params == {}
    killed()
    study = new()
    with pytest.raises(AutomlError, match="ask\\(\\) has no trial: the search proposes nothing"):
        study.ask()
    assert study.trials[1].params == {"n": n}


def test_an_end_that_was_written_is_never_lost() -> None:
    study = new()
    study.ask().suggest_float("x", 0, 1)
    folder = study.trials[0].dir
    killed()
    write_report(folder, Report("value", 0.5, final=True))
    write_outcome(folder, CallOutcome(COMPLETED))
    study = new()
    assert study.ask().number == 1
    assert (study.trials[0].state.name, study.trials[0].value) == ("COMPLETE", 0.5)


def test_a_number_without_an_end_is_none() -> None:
    study = new()
    study.ask()
    folder = study.trials[0].dir
    killed()
    write_report(folder, Report("value", 0.5, final=True))
    study = new()
    study.ask()
    assert study.trials[0].state.name == "RUNNING"
    assert study.tell(0, 0.25).value == 0.25


@pytest.mark.integration
def test_a_journal_that_is_cut_anywhere_goes_on(place: Path) -> None:
    """As after a kill at every moment: what is there is true, and no values come twice."""
    study = new(seed=1)
    for number in range(3):
        trial = study.ask()
        trial.suggest_int("n", 0, 50)
        trial.report(1.0, 0)
        if number != 1:
            study.tell(trial, number)
    killed()
    whole = study.folder.path.rename(place / "whole")
    lines = (whole / "journal.jsonl").read_bytes().splitlines(keepends=True)
    for count in range(1, len(lines) + 1):
        for torn in (b"", b'{"torn'):
            shutil.copytree(whole, study.folder.path)
            study.folder.journal.write_bytes(b"".join(lines[:count]) + torn)
            study = new(seed=1)
            asked = [study.ask() for _ in range(3)]
            values = [one.suggest_int("n", 0, 50) for one in asked]
            for one in asked:
                study.tell(one, 1.0)
            left = [one for one in study.trials if one.state.name == "RUNNING"]
            assert [one.number for one in left] in ([], [0], [1])
            shown = [one.params.get("n") for one in study.trials]
            assert len(set(shown)) == len(shown) >= 3
            assert {*values} <= {*shown}
            let_go()
            shutil.rmtree(study.folder.path)


def test_another_process_is_told_who_has_the_study() -> None:
    study = new()
    study.ask()
    prepared = prepare(
        {"function": "a:b", "name": "asked", "max_parallel": 1, "max_trial_num": 1}, str(Path.cwd())
    )
    with pytest.raises(StudyBusyError, match=f"being run by process {os.getpid()} on"):
        hold(prepared.spec, study.folder, fresh=False, known=())
    assert open_study("asked").state == "running"


def test_the_study_of_a_program_that_ended_says_how_it_stands() -> None:
    study = new()
    trial = study.ask()
    let_go()
    assert open_study("asked").state == "paused"
    assert ASKED_FOR in open_study("asked").summary
    assert "trials: 1 running" in open_study("asked").summary
    study = new()
    study.tell(trial.number, 1.0)
    let_go()
    assert open_study("asked").state == "complete"
    assert open_study("asked").best_value == 1.0
    csv = study.folder.results.read_text(encoding="utf-8")
    assert "1.0" in csv
    best = json.loads(study.folder.best.read_text(encoding="utf-8"))
    assert (best["trial"], best["command"]) == (0, "")


def test_two_studies_of_one_name_in_a_process_are_one() -> None:
    first = new()
    trial = first.ask()
    second = automl.create_study(study_name="asked", load_if_exists=True)
    assert second.ask().number == 1
    assert second.tell(trial, 2.0).value == 2.0
    assert first.best_value == 2.0


def test_a_study_that_nobody_uses_is_let_go() -> None:
    study = new()
    trial = study.ask()
    folder = os.path.realpath(study.folder.path)
    del study
    # It is held for the sake of its trial.
    assert folder in asking._BY_FOLDER
    del trial
    assert folder not in asking._BY_FOLDER
    assert journal()[-1].reason == ASKED_FOR


def test_the_second_trial_is_what_the_search_says() -> None:
    study = new()
    first = study.ask()
    first.suggest_float("x", 0, 1)
    study.tell(first, 1.0)
    second = study.ask()
    proposed = json.loads(Path(second.dir, "proposed.json").read_text(encoding="utf-8"))
    assert second.suggest_float("x", 0, 1) == proposed["x"]["value"]
    drawn = Path(second.dir, "drawn.jsonl").read_text(encoding="utf-8")
    assert json.loads(drawn)["from"] == "proposed"
    # It has no process, and nothing that would start one.
    assert not Path(second.dir, "trial.sh").exists()


def test_no_combination_is_asked_for_twice() -> None:
    study = new()
    space = {"n": optuna.distributions.IntDistribution(0, 3)}
    trials = [study.ask(fixed_distributions=space) for _ in range(2)]
    study.tell(trials[0], 1.0)
    trials += [study.ask(fixed_distributions=space) for _ in range(2)]
    assert sorted(one.params["n"] for one in trials) == [0, 1, 2, 3]
    with pytest.raises(AutomlError, match="proposes nothing before another trial has ended"):
        study.ask()
    for one in trials[1:]:
        study.tell(one, 2.0)
    with pytest.raises(AutomlError, match="all combinations of the search space have been tried"):
        study.ask()
    assert len(study.trials) == 4


def test_a_new_name_is_asked_for_after_all_combinations_of_the_others() -> None:
    study = new()
    opt = optuna.distributions.CategoricalDistribution(["adam", "sgd"])
    space: dict[str, Any] = {"opt": opt}
    for _ in range(2):
        study.tell(study.ask(space), 1.0)
    space["lr"] = optuna.distributions.FloatDistribution(0, 1)
    trials = [study.ask(space)]
    study.tell(trials[0], 1.0)
    trials += [study.ask(space) for _ in range(12)]
    assert {one.params["opt"] for one in trials} == {"adam", "sgd"}
    assert len({one.params["lr"] for one in trials}) == 13
    assert Path(trials[1].dir, "proposed.json").read_text(encoding="utf-8").count('"lr"') == 1


def test_a_new_name_does_not_prolong_a_grid() -> None:
    study = new(sampler=automl.samplers.GridSampler({"n": [1]}))
    space = {"n": optuna.distributions.IntDistribution(0, 3)}
    study.tell(study.ask(space), 1.0)
    with pytest.raises(AutomlError, match="all combinations"):
        study.ask({**space, "x": optuna.distributions.FloatDistribution(0, 1)})


def test_queued_values_are_asked_for_once() -> None:
    for _ in range(2):
        study = new()
        study.enqueue_trial({"x": 0.5})
        asked = study.ask()
        asked.suggest_float("x", 0, 1)
    assert [one.params["x"] == 0.5 for one in study.trials] == [True, False]


@pytest.mark.parametrize("number", [-1, 10**30])
def test_a_number_that_is_none_is_refused(number: int) -> None:
    study = new()
    study.ask()
    with pytest.raises(ValueError, match="has not been created"):
        study.tell(number, 1.0)


def test_a_trial_of_another_study_is_refused() -> None:
    other = automl.create_study(study_name="other").ask()
    study = new()
    study.ask()
    with pytest.raises(ValueError, match="is of another study"):
        study.tell(other, 1.0)
    assert study.trials[0].state.name == "RUNNING"


def test_true_is_no_number() -> None:
    study = new()
    study.ask()
    with pytest.raises(TypeError, match="Trial must be a trial object or trial number"):
        study.tell(True, 1.0)  # noqa: FBT003 - it is what is refused


@pytest.mark.parametrize("value", [float("inf"), -float("inf"), b"one"])
def test_what_is_no_finite_number_fails_the_trial(value: Any) -> None:
    study = new()
    with pytest.warns(UserWarning, match="The value"):
        told = study.tell(study.ask(), value)
    assert told.state.name == "FAIL"
    assert told.reason.startswith("The value")


def test_a_text_of_a_number_is_one() -> None:
    study = new()
    assert study.tell(study.ask(), "0.5").value == 0.5


def test_a_failed_trial_tells_who_said_so() -> None:
    study = new()
    study.tell(study.ask(fixed_distributions={"x": range_of()}), state=automl.TrialState.FAIL)
    assert study.trials[0].reason == "its program told that it failed"


def range_of() -> Any:
    return optuna.distributions.FloatDistribution(0, 1)


@pytest.mark.parametrize("given", [[], 1, {"x": 1}, {"x": "text"}, {"x": None}])
def test_what_is_no_range_is_refused_before_a_trial_is_made(given: Any, place: Path) -> None:
    with pytest.raises(TypeError, match="fixed_distributions"):
        new().ask(fixed_distributions=given)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("low", "high", "step"),
    [(5, 1, None), (5.0, 1.0, None), (0.0, math.inf, None), (0, "high", None), (0, 9, -1)],
)
def test_a_range_of_others_that_holds_nothing_is_refused_before_a_trial_is_made(
    low: Any, high: Any, step: Any, place: Path
) -> None:
    given = {"x": range_of(), "y": SimpleNamespace(low=low, high=high, step=step)}
    with pytest.raises(ValueError, match="fixed_distributions: 'y'"):
        new().ask(fixed_distributions=given)
    with pytest.raises(TypeError, match="name"):
        new().ask(fixed_distributions={1: range_of()})
    assert list(place.iterdir()) == []


def test_a_trial_that_cannot_have_a_name_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    study = new()

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(AskedTrial, "_note", full)
    with pytest.raises(OSError, match="full"):
        study.ask(fixed_distributions={"x": range_of()})
    assert [one.state for one in study.trials] == [automl.TrialState.FAIL]


def running_by_optimize(study: Study) -> None:
    """A trial that an `optimize` has launched, which was killed."""
    with asking.asking_of(study.folder).held(lambda: pytest.fail("it is held")) as held:
        number = len(held.trials)
        held._do(TrialAdded({}))
        held._do(Started(number, {"executor": "local", "pid": 1}))


def test_a_trial_that_optimize_runs_is_its_own() -> None:
    study = new()
    study.ask()
    running_by_optimize(study)
    assert study.trials[1].state.name == "RUNNING"
    with pytest.raises(ValueError, match="`optimize` runs it"):
        study.tell(1, 1.0)
    assert study.trials[1].state.name == "RUNNING"


def test_asking_leaves_alone_what_an_optimize_left() -> None:
    study = new()
    study.ask()
    running_by_optimize(study)
    killed()
    study = new()
    assert study.ask().number == 2
    assert study.trials[1].state.name == "RUNNING"


def test_a_study_that_describes_its_parameters_has_their_values() -> None:
    described = {
        "function": "train:objective",
        "hyperparams": [{"type": "Integer", "name": "n", "min_value": 0, "max_value": 9}],
        "name": "asked",
        "max_parallel": 2,
        "max_trial_num": 5,
        "direction": "minimize",
    }
    prepared = prepare(described, str(Path.cwd()))
    hold(prepared.spec, prepared.folder, fresh=False, known=()).closing.close()
    study = new()
    trial = study.ask()
    assert list(trial.params) == ["n"]
    assert trial.suggest_int("n", 0, 9) == trial.params["n"]
    with pytest.raises(ValueError, match="no parameter of this study"):
        trial.suggest_float("x", 0, 1)
    told = study.tell(trial, 2.0)
    assert told.params == trial.params
    assert len({study.ask().params["n"] for _ in range(9)}) == 9
    with pytest.raises(AutomlError, match="ask\\(\\) has no trial"):
        study.ask()
    # What it runs, and how much of it, is what it was.
    text = study.folder.spec.read_text(encoding="utf-8")
    assert "function: train:objective" in text
    assert "max_trial_num: 5" in text


def test_other_directions_than_those_of_the_study_are_refused() -> None:
    study = new()
    study.tell(study.ask(), 1.0)
    with pytest.raises(SpecError, match="other directions"):
        new(direction="maximize").ask()
    with pytest.raises(SpecError, match="other directions"):
        new(directions=["minimize", "minimize"]).tell(0, [1, 2])


@pytest.mark.parametrize(
    "given", [{"repeats": 2}, {"confirm": 1}, {"budget": {"name": "n", "min": 1, "max": 9}}]
)
def test_what_launches_trials_again_is_refused(given: dict[str, Any], place: Path) -> None:
    with pytest.raises(SpecError, match="would launch them again"):
        new(**given).ask()
    assert list(place.iterdir()) == []


def test_the_study_of_a_command_is_refused(place: Path) -> None:
    folder = place / "automl_studies" / "asked"
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(
        "task_list:\n- type: BashTask\n  cmd: [echo, '1']\n"
        "  metric_reader: {type: local_reader, location: '{{ trial.dir }}/stdout.log',"
        " parser_pattern: '(\\d)'}\n"
        "hyperparams:\n- {type: Integer, name: n, min_value: 0, max_value: 9}\n"
        "max_parallel: 1\nmax_trial_num: 1\n",
        encoding="utf-8",
    )
    with pytest.raises(SpecError, match="runs commands"):
        new().ask()


def test_nothing_is_asked_while_optimize_runs() -> None:
    study = new()
    study._stop = lambda: None
    for call in (study.ask, lambda: study.tell(0, 1.0)):
        with pytest.raises(RuntimeError, match="does not run"):
            call()


def test_a_script_that_is_only_looked_at_asks_for_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FROM_TERMINAL, "instead", lambda study: pytest.fail(str(study)))
    study = new()
    trial = study.ask(fixed_distributions={"y": range_of()})
    assert 0 <= trial.suggest_float("x", 0, 1) <= 1
    trial.report(1.0, 0)
    assert not trial.should_prune()
    assert study.tell(trial, 2.0).value == 2.0
    assert list(place.iterdir()) == []


def test_a_script_that_is_imported_again_asks_for_nothing(place: Path) -> None:
    study = StudyStandIn(1, {})
    study.enqueue_trial({"x": 0.5})
    trials = [study.ask(), study.ask(fixed_distributions={"y": range_of()})]
    assert [one.number for one in trials] == [0, 1]
    assert 0 <= trials[0].suggest_float("x", 0, 1) <= 1
    assert list(trials[1].params) == ["y"]
    trials[0].set_user_attr("who", "me")
    trials[0].report(1.0, 0)
    assert not trials[0].should_prune()
    told = study.tell(trials[0], [1.0, 2.0])
    assert (told.value, told.values, told.user_attrs) == (1.0, [1.0, 2.0], {"who": "me"})
    assert study.tell(7, 0.5).number == 7
    assert list(place.iterdir()) == []


def test_a_full_disk_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    study = new()
    trial = study.ask()
    held = asking.asking_of(study.folder)._now
    assert held is not None

    def full(_: Any) -> None:
        raise StorageError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(held._held.study.journal, "append", full)
        with pytest.raises(StorageError):
            study.tell(trial, 1.0)
    # The end was written to the trial's folder before.
    assert study.ask().number == 1
    assert study.trials[0].value == 1.0
    with pytest.raises(ValueError, match="it has ended"):
        study.tell(trial, 2.0)


def test_a_folder_that_is_gone_is_told() -> None:
    study = new()
    study.ask()
    shutil.rmtree(study.folder.path)
    with pytest.raises(AutomlError, match="was deleted while the study ran"):
        study.ask()
    assert study.ask().number == 0


def test_threads_may_ask_at_the_same_time() -> None:
    study = new()
    problems: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                trial = study.ask()
                study.tell(trial, trial.suggest_float("x", 0, 1))
        except BaseException as error:  # noqa: BLE001 - told below
            problems.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not problems
    assert [one.number for one in study.trials] == list(range(20))
    assert len({one.value for one in study.trials}) == 20


def test_what_a_fork_does_of_its_own_is_not_the_study() -> None:
    study = new()
    trial = study.ask()
    child = os.fork()
    if not child:
        # The files are the trial's, whoever writes them; the journal is not.
        trial.suggest_float("x", 0, 1)
        let_go()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert study.trials[0].params == {}
    assert list(study.tell(trial, 1.0).params) == ["x"]
    assert open_study("asked").state == "running"


@pytest.mark.slow
def test_optimize_knows_what_a_killed_program_had_asked_for() -> None:
    study = new()
    trial = study.ask()
    trial.suggest_int("n", 0, 1)
    killed()
    study = new()
    study.optimize(lambda trial: float(trial.suggest_int("n", 0, 1)), n_trials=1)
    assert [one.state.name for one in study.trials] == ["RUNNING", "COMPLETE"]
    assert {one.params["n"] for one in study.trials} == {0, 1}
    assert study.tell(0, 3.0).value == 3.0
    assert [one.call for one in open_study("asked").trials] == [0, 1]
    assert [one.state for one in open_study("asked").trials] == [TrialState.COMPLETED] * 2


def test_a_script_that_only_asks_is_run_from_the_terminal(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = place / "asks.py"
    script.write_text(
        "import automl\n"
        "study = automl.create_study(study_name='asked')\n"
        "trial = study.ask()\n"
        "print(study.tell(trial, float(trial.suggest_int('n', 3, 3))).value)\n",
        encoding="utf-8",
    )
    assert run_script(str(script), {"seed": 5}, quiet=True) == WELL
    assert capsys.readouterr().out == "3.0\n"
    create._CREATED = create._Created()
    script.write_text("import automl\nautoml.create_study(study_name='asked').ask()\n", "utf-8")
    assert run_script(str(script), {"fresh": True}, quiet=True) == WITHOUT_VALUE
    assert len(open_study("asked").trials) == 1
    assert len(list(Path("automl_studies").iterdir())) == 2


def test_what_others_make_of_a_study_knows_all_its_trials() -> None:
    study = new()
    for state in ("COMPLETE", "PRUNED", "FAIL", None):
        trial = study.ask(fixed_distributions={"x": range_of()})
        trial.report(1.0, 0)
        if state == "COMPLETE":
            study.tell(trial, 2.0)
        elif state:
            study.tell(trial, state=automl.TrialState[state])
    theirs = open_study("asked").to_optuna()
    assert [one.state.name for one in theirs.trials] == ["COMPLETE", "PRUNED", "FAIL", "RUNNING"]
    assert [one.params for one in theirs.trials] == [one.params for one in study.trials]
    assert list(open_study("asked").table().metadata.id) == [0, 1, 2]


@pytest.mark.slow
def test_optimize_may_change_what_is_better_meanwhile() -> None:
    study = new()
    trial, other = study.ask(), study.ask()
    trial.suggest_int("n", 0, 9)
    other.suggest_int("n", 0, 9)
    study.tell(other, 7.0)
    study = new(direction="maximize")
    study.optimize(lambda trial: float(trial.suggest_int("n", 0, 9)) / 10, n_trials=1)
    assert [one.state.name for one in study.trials] == ["RUNNING", "COMPLETE", "COMPLETE"]
    assert study.best_trial.number == 1
    assert study.tell(0, 8.0).value == 8.0
    assert study.best_trial.number == 0


@pytest.mark.integration
def test_a_real_kill_loses_nothing(place: Path) -> None:
    program = """
import os, signal, automl
study = automl.create_study(study_name="asked")
for number in range(5):
    trial = study.ask()
    trial.suggest_float("x", 0, 1)
    trial.report(1.0, 0)
    if number % 2:
        study.tell(trial, number)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, cwd=place)
    assert done.returncode == -9
    study = new()
    assert [one.state.name for one in study.trials] == ["RUNNING", "COMPLETE"] * 2 + ["RUNNING"]
    for number in (4, 0, 2):
        study.tell(number, -number)
    assert [one.value for one in study.trials] == [0, 1, -2, 3, -4]
    assert len({one.params["x"] for one in study.trials}) == 5


@pytest.mark.integration
def test_a_program_that_ends_lets_go(place: Path) -> None:
    program = """
import automl
study = automl.create_study(study_name="asked")
trial = study.ask()
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=place)
    assert open_study("asked").state == "paused"
    new().tell(0, 1.0)
