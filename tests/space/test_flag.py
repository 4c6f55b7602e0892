"""A switch of a command: True or False, one word or another, or none."""

from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import hyperparam
from automl.render.documents.yaml_reading import yaml_value
from automl.search.algorithms import ALGORITHMS, Problem, make_proposer
from automl.search.sampler import Proposal, Told
from automl.search.start import checked
from automl.space.kinds.flag import flag_words, flags_in
from automl.space.kinds.registry import item_from
from automl.space.parameters import Categorical, Choice, Flag, Integer, described
from automl.space.space import SearchSpace
from automl.studies.given.plain import check_plain
from automl.study.objective import Direction
from automl.study.spec import Algorithm
from automl.study.trial import TrialState
from automl.testing import PARAMETER_CHECKS

NESTEROV = Flag(name="nesterov", on="--nesterov")


@pytest.mark.parametrize("check", PARAMETER_CHECKS)
@pytest.mark.parametrize("off", [None, "--no-nesterov"])
def test_it_keeps_the_contract(check: Any, off: str | None) -> None:
    check(Flag(name="nesterov", on="--nesterov", off=off))


def test_it_is_true_or_false_and_nothing_like_it() -> None:
    assert NESTEROV.allowed == "True or False"
    assert [NESTEROV.value_at(place) for place in (0, 1)] == [False, True]
    assert not any(map(NESTEROV.contains, (0, 1, 1.0, "True", "--nesterov", None, [True])))


def test_a_script_makes_it_and_it_prints_as_what_it_is() -> None:
    made = hyperparam.create(type="Flag", name="nesterov", on="--nesterov", off="--plain")
    assert made == Flag(name="nesterov", on="--nesterov", off="--plain")
    assert repr(NESTEROV) == "Flag(name='nesterov', on='--nesterov', off=None)"
    assert hyperparam.create(type="Flag", name="x", on=Path("a/b")) == Flag(name="x", on="a/b")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "needs on="),
        ({"on": ""}, "on must be a word of the command such as '--f', got ''"),
        ({"on": True}, "on must be a word"),
        ({"on": ["--a", "--b"]}, "on must be a word"),
        ({"on": "a\0"}, "on must be a word"),
        ({"on": "--opt sgd"}, "'--opt sgd' would reach the program as one word"),
        ({"on": "--a", "off": ""}, "off must be a word"),
        ({"on": "--a", "off": "--a"}, "on and off are both '--a'"),
        ({"on": "--a", "of": "--b"}, "no option 'of' .did you mean 'off'"),
    ],
)
def test_what_is_no_flag_is_refused_in_words(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        hyperparam.create(type="Flag", name="f", **options)


def test_a_word_with_a_blank_in_its_value_is_one_word() -> None:
    assert flag_words([Flag(name="f", on="--name=a b")], {"f": True}) == {"f": "--name=a b"}


SPACE = SearchSpace(
    (
        Categorical(name="opt", candidates=("sgd", "adam")),
        Flag(name="nesterov", on="--nesterov", when="opt == 'sgd'"),
        Flag(name="amp", on="--amp", off="--no-amp"),
        Integer(name="bits", min_value=1, max_value=2, when="amp"),
    )
)


def test_words_of_flags() -> None:
    adam = {"opt": "adam", "amp": False}
    assert flag_words(flags_in(SPACE), adam) == {"nesterov": None, "amp": "--no-amp"}
    sgd = {"opt": "sgd", "amp": True, "nesterov": True}
    assert flag_words(flags_in(SPACE), sgd) == {"nesterov": "--nesterov", "amp": "--amp"}


def test_conditions_and_the_size_know_it() -> None:
    assert SPACE.size == 9
    assert SPACE.problem({"opt": "adam", "amp": False}) == ""
    assert SPACE.problem({"opt": "adam", "amp": False, "bits": 1}) != ""
    for when in ({"amp": True}, "amp == True", "not amp"):
        SearchSpace((Flag(name="amp", on="--amp"), Flag(name="b", on="-b", when=when)))
    with pytest.raises(SpecError, match="never holds; amp is True or False"):
        SearchSpace((Flag(name="amp", on="--amp"), Flag(name="b", on="-b", when={"amp": 1})))


def test_a_choice_may_hold_it() -> None:
    choice = Choice(name="opt", options={"sgd": [NESTEROV], "adam": []})
    expanded = list(choice.expanded())
    assert [described(one)["type"] for one in expanded] == ["Categorical", "Flag"]
    assert item_from(described(expanded[1])) == expanded[1]


def test_combinations_to_start_with_may_name_it() -> None:
    space = SearchSpace((NESTEROV,))
    assert checked(space, [{"nesterov": True}]) == ({"nesterov": True},)
    with pytest.raises(SpecError, match="it is True or False"):
        checked(space, [{"nesterov": "--nesterov"}])


@pytest.mark.parametrize("type_name", ["auto", "tpe", "random", "sobol", "grid", "evolution"])
def test_algorithms_search_it_as_two_categories(type_name: str) -> None:
    assert type_name in ALGORITHMS.names()
    space = SearchSpace((NESTEROV, Integer(name="x", min_value=1, max_value=8)))
    problem = Problem(
        space=space, max_trials=16, directions=(Direction.MAXIMIZE,), seed=1, max_parallel=1
    )
    proposer = make_proposer(Algorithm(type=type_name), problem).proposer
    history: list[Told] = []
    for trial_id in range(16):
        answer = proposer.propose(trial_id, history)
        assert isinstance(answer, Proposal)
        params = answer.params
        history.append(Told(trial_id=trial_id, params=params, state=TrialState.PLANNED))
        value = float(params["nesterov"] is True)
        completed = TrialState.COMPLETED
        history.append(Told(trial_id=trial_id, params=params, state=completed, value=value))
    assert {one.params["nesterov"] for one in history} == {True, False}


def test_a_study_file_may_have_its_options_without_quotes() -> None:
    text = "type: Flag\nname: amp\non: --amp\noff: --no-amp\nvalue: on\n"
    found = yaml_value(text)
    assert found == {"type": "Flag", "name": "amp", "on": "--amp", "off": "--no-amp", "value": True}
    del found["value"]
    assert item_from(found) == Flag(name="amp", on="--amp", off="--no-amp")
    with pytest.raises(SpecError, match="the key 'on' is there twice"):
        yaml_value("on: 1\non: 2\n")


def test_a_dictionary_that_another_loader_read_is_told_of_the_quotes() -> None:
    data = [{"type": "Flag", "name": "amp", True: "--amp"}]
    with pytest.raises(SpecError, match="the key True is no string; YAML takes on, off, yes"):
        check_plain(data, "hyperparams")
