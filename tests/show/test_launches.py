from collections.abc import Callable

from automl.show.launches import launch_columns, reached_text, waiting_text
from automl.show.progress import Progress, RunningTrial
from automl.study.budget import Budget
from automl.study.noise import Noise
from automl.study.spec import Algorithm, StudySpec
from automl.study.trial import WHOLE, Purpose, Result, Stage, Trial, TrialState

MakeSpec = Callable[..., StudySpec]
EPOCHS = Budget(name="epochs", min=4, max=20)
POPULATION = Algorithm(type="pbt")


def running(stage: Stage = WHOLE, source: int = -1) -> RunningTrial:
    return RunningTrial(id=0, params={}, elapsed_s=1.0, stage=stage, source=source)


def progress(spec: StudySpec, best: Trial | None = None, **waits: int) -> Progress:
    return Progress(
        spec=spec,
        done=9,
        total=20,
        failed=0,
        waiting={int(name.removeprefix("at_")): count for name, count in waits.items()},
        running=(),
        best=best,
        elapsed_s=1.0,
        left_s=None,
    )


def test_a_plain_study_has_nothing_to_tell(make_spec: MakeSpec) -> None:
    assert launch_columns(make_spec(), [running()]) == {}
    assert waiting_text(progress(make_spec())) == ""


def test_a_budget_is_told_as_a_share_of_the_whole(make_spec: MakeSpec) -> None:
    trials = [running(Stage(budget=4)), running(Stage(budget=20)), running()]
    columns = launch_columns(make_spec(budget=EPOCHS), trials)
    assert columns == {"budget": ["4/20", "20/20", "-"]}
    wide = make_spec(budget=Budget(name="rows", min=1000, max=90000))
    assert list(launch_columns(wide, [running(Stage(budget=1000))])) == ["     budget"]


def test_the_seed_is_told_where_there_are_several(make_spec: MakeSpec) -> None:
    noise = Noise(repeats=3, confirm=2, confirm_seeds=5)
    trials = [
        running(Stage(seed_number=1)),
        running(Stage(seed_number=4, purpose=Purpose.CONFIRM)),
    ]
    assert launch_columns(make_spec(noise=noise), trials) == {"seed": ["2/3", "fresh 4/5"]}
    once = make_spec(noise=Noise(confirm=2, confirm_seeds=5))
    assert launch_columns(once, trials[:1]) == {}
    assert launch_columns(once, trials[1:]) == {"seed": ["fresh 4/5"]}


def test_a_member_names_the_trial_that_it_continues(make_spec: MakeSpec) -> None:
    spec = make_spec(budget=EPOCHS, algorithm=POPULATION)
    stage = Stage(budget=8)
    assert launch_columns(spec, [running(stage, 3), running(stage)]) == {
        "budget": ["8/20", "8/20"],
        "continues": ["3", "-"],
    }


def test_those_that_wait_are_counted_rung_by_rung(make_spec: MakeSpec) -> None:
    spec = make_spec(budget=EPOCHS)
    text = "waiting: 8 at 4, 2 at 12 of 20 epochs"
    assert waiting_text(progress(spec, at_12=2, at_4=8, at_13=0)) == text
    assert waiting_text(progress(spec, at_12=0)) == ""


def test_the_best_is_given_with_its_budget_until_one_had_the_whole(make_spec: MakeSpec) -> None:
    def best(budget: float) -> Trial:
        results = (Result(stage=Stage(budget=budget), value=0.5),)
        return Trial(id=1, params={}, state=TrialState.PRUNED, value=0.5, results=results)

    climbs = make_spec(budget=EPOCHS)
    assert reached_text(progress(climbs, best(12))) == " at 12 of 20 epochs"
    assert reached_text(progress(climbs, best(20))) == ""
    assert reached_text(progress(climbs)) == ""
    assert reached_text(progress(make_spec(budget=EPOCHS, algorithm=POPULATION), best(8))) == ""
    assert reached_text(progress(make_spec(), best(8))) == ""
