import pytest
from engine_player import Scripted, check_stages
from engine_story import STEPS, Story
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.journal.events import TrialEnded
from automl.study.budget import Budget
from automl.study.noise import Noise
from automl.study.ranking.rank import best
from automl.study.trial import Purpose, TrialState

MORE = [*STEPS, *["end"] * 9, *["fill"] * 9, "restart", "measure", "measure", "measure"]
LADDERS = st.builds(
    Budget, name=st.just("epochs"), min=st.just(1), max=st.just(9), brackets=st.integers(1, 3)
)


def check_story(story: Story, steps: list[str]) -> None:
    """Let it happen, go on to the end, and check that nothing was lost or done twice."""
    for what in ["fill", *steps]:
        story.step(what)
    story.finish()
    player = story.player
    trials = player.engine.view.trials
    check_stages(player.events)
    assert player.engine.view.finished == sum(one.state.finished for one in trials.values())
    assert player.engine.view.failed == sum(
        one.state is TrialState.FAILED for one in trials.values()
    )
    for trial in trials.values():
        searched = [one for one in trial.results if one.stage.purpose is Purpose.SEARCH]
        if trial.state is TrialState.COMPLETED:
            assert searched or trial.confirmations
            assert trial.value is not None
            assert trial.counted[-1].stage.budget == trial.stage.budget
        if trial.confirmations:
            assert trial.state is TrialState.COMPLETED
    value = player.engine.view.best
    found = best([one for one in trials.values() if not one.confirmations], story.spec.objectives)
    if value and found:
        assert value.value >= found.value
    ends = {event.trial for event in player.events if isinstance(event, TrialEnded)}
    assert all(trial.id in ends or not trial.state.finished for trial in trials.values())


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(st.data(), st.lists(st.sampled_from(MORE), min_size=25, max_size=60))
def test_whatever_happens_on_a_ladder(data: st.DataObject, steps: list[str]) -> None:
    noise = Noise(confirm=data.draw(st.integers(0, 1), "confirm"), confirm_seeds=2)
    default = ({"x": data.draw(st.integers(0, 2), "default")},)
    story = Story(data, budget=data.draw(LADDERS, "budget"), noise=noise, start_with=default)
    check_story(story, steps)
    if not story.retried and story.player.engine.view.failed == 0:
        reached = [
            trial.state in {TrialState.COMPLETED, TrialState.STOPPED}
            for trial in story.player.engine.view.trials.values()
        ]
        assert any(reached) or not reached


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(st.data(), st.lists(st.sampled_from(MORE), min_size=25, max_size=60))
def test_whatever_happens_to_repeats_and_confirmations(
    data: st.DataObject, steps: list[str]
) -> None:
    draw = data.draw
    noise = Noise(
        repeats=draw(st.integers(1, 3), "repeats"),
        confirm=draw(st.integers(0, 2), "confirm"),
        confirm_seeds=2,
    )
    check_story(Story(data, noise=noise), steps)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(
    st.data(),
    st.dictionaries(st.integers(0, 9), st.integers(0, 3)),
    st.lists(st.sampled_from(MORE), min_size=25, max_size=60),
)
def test_whatever_happens_beside_early_stopping(
    data: st.DataObject, stops: dict[int, float], steps: list[str]
) -> None:
    noise = Noise(confirm=data.draw(st.integers(0, 1), "confirm"), confirm_seeds=2)
    default = ({"x": data.draw(st.integers(0, 2), "default")},)
    story = Story(data, pruner=Scripted(stops), noise=noise, start_with=default)
    check_story(story, steps)
    trials = story.player.engine.view.trials.values()
    assert sum(trial.spared for trial in trials) <= 3 + len(story.retried)
