"""Spaces in which not every trial has every parameter, or not every combination is allowed."""

import copy
import itertools
import json
import pickle
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.space.conditions import condition_of
from automl.space.coverage import allowed_share, check_rules
from automl.space.parameters import (
    Categorical,
    Choice,
    Constant,
    Integer,
    Linked,
    LogNormal,
    Normal,
    Parameter,
    Real,
    described,
)
from automl.space.space import COUNTED, SearchSpace, combination_key

KINDS = {
    kind.__name__: kind
    for kind in (Categorical, Constant, Integer, Linked, LogNormal, Normal, Real)
}


def integer(name: str, low: int, high: int, when: Any = None) -> Integer:
    return Integer(name=name, min_value=low, max_value=high, when=condition_of(name, when))


def listed(name: str, *values: Any, when: Any = None) -> Categorical:
    return Categorical(name=name, candidates=values, when=condition_of(name, when))


def unit(name: str, when: Any = None) -> Real:
    return Real(name=name, min_value=0, max_value=1, when=condition_of(name, when))


def all_of(space: SearchSpace) -> list[dict[str, Any]]:
    return list(space.combinations())


YES_NO = (True, False)


# --- what is in use


CHAIN = SearchSpace(
    (
        listed("opt", "sgd", "adam"),
        listed("momentum", 0, 0.9, when={"opt": "sgd"}),
        listed("nesterov", *YES_NO, when="momentum > 0"),
        integer("depth", 1, 2),
    )
)


def test_what_depends_on_something_not_in_use_is_not_in_use() -> None:
    # sgd has momentum 0, or 0.9 with two kinds of nesterov; adam has nothing of it.
    assert CHAIN.size == (1 + 2 + 1) * 2
    assert [params for params in all_of(CHAIN) if params["depth"] == 1] == [
        {"opt": "sgd", "momentum": 0, "depth": 1},
        {"opt": "sgd", "momentum": 0.9, "nesterov": True, "depth": 1},
        {"opt": "sgd", "momentum": 0.9, "nesterov": False, "depth": 1},
        {"opt": "adam", "depth": 1},
    ]


def test_only_what_is_in_use_is_asked_for_and_in_order() -> None:
    asked: list[str] = []

    def choose(parameter: Parameter) -> Any:
        asked.append(parameter.name)
        return parameter.value_at(0)

    space = SearchSpace(
        (
            *CHAIN.parameters,
            Constant(name="data", value=[1]),
            Linked(names=("w", "d"), candidates=([8, 2.0], [16, 1.0])),
        )
    )
    assert space.names == ("opt", "momentum", "nesterov", "depth", "data", "w", "d")
    params = space.assemble(choose)
    assert asked == ["opt", "momentum", "depth", "w+d"]
    assert list(params.items()) == [
        ("opt", "sgd"),
        ("momentum", 0),
        ("depth", 1),
        ("data", [1]),
        ("w", 8),
        ("d", 2.0),
    ]
    assert space.chosen(params) == {"opt": "sgd", "momentum": 0, "depth": 1, "w+d": [8, 2.0]}
    with pytest.raises(KeyError, match="momentum"):
        space.chosen({"opt": "sgd"})


def test_a_constant_may_hold_under_a_condition_and_be_asked_for() -> None:
    space = SearchSpace(
        (
            listed("opt", "sgd", "adam"),
            Constant(name="beta", value=2, when=condition_of("beta", {"opt": "adam"})),
            integer("n", 1, 2, when={"beta": 2.0}),
        )
    )
    assert all_of(space) == [
        {"opt": "sgd"},
        {"opt": "adam", "beta": 2, "n": 1},
        {"opt": "adam", "beta": 2, "n": 2},
    ]


def test_linked_parameters_can_be_asked_for_each_by_its_name() -> None:
    linked = Linked(names=("w", "d"), candidates=([8, 2], [16, 1]))
    space = SearchSpace((linked, integer("n", 1, 2, when="d < w / 8")))
    assert all_of(space) == [{"w": 8, "d": 2}, *({"w": 16, "d": 1, "n": n} for n in (1, 2))]


# --- choices


def test_a_choice_is_its_labels_and_their_parameters() -> None:
    inner = Choice(name="decay", options={"step": [integer("every", 1, 2)], "none": []})
    choice = Choice(
        name="opt",
        options={"sgd": [unit("momentum"), inner], "adam": [integer("beta", 1, 2, "depth > 1")]},
        when=condition_of("opt", {"train": True}),
    )
    space = SearchSpace((listed("train", *YES_NO), integer("depth", 1, 2), choice))
    assert [(one.name, str(one.when)) for one in space] == [
        ("train", "None"),
        ("depth", "None"),
        ("opt", "train == True"),
        ("momentum", "opt == 'sgd'"),
        ("decay", "opt == 'sgd'"),
        ("every", "decay == 'step'"),
        ("beta", "opt == 'adam' and (depth > 1)"),
    ]
    assert space.contains({"train": False, "depth": 1})
    assert space.contains({"train": True, "depth": 1, "opt": "adam"})
    assert space.contains({"train": True, "depth": 2, "opt": "adam", "beta": 1})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "options must be a dict of labels, each with a list of parameters, got {}"),
        (["sgd"], "options must be a dict of labels"),
        ({1: []}, "label 1 of options must be a string"),
        ({"sgd": unit("x")}, "option 'sgd' must be a list of parameters, got Real("),
        ({"sgd": ["x"]}, "'x' of option 'sgd' is not a parameter; make each with hyperparam.cr"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(options: Any, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        Choice(name="opt", options=options)
    assert f"parameter 'opt': {message}" in str(caught.value)


def test_a_choice_prints_as_it_is_made() -> None:
    choice = Choice(name="opt", options={"sgd": [], "adam": [listed("b", 1)]})
    assert repr(choice) == (
        "Choice(name='opt', options={'sgd': (), 'adam': (Categorical(name='b', candidates=(1,)),)})"
    )


# --- what is refused when it is made


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            (integer("n", 1, 2, {"opt": "sgd"}), listed("opt", "sgd")),
            "'n': when asks for 'opt', which must be listed before it; listed before it: none",
        ),
        (
            (listed("opt", "sgd"), integer("n", 1, 2, {"opts": "sgd"})),
            "'n': when asks for 'opts', which is no parameter (did you mean 'opt'?); listed bef",
        ),
        (
            (listed("opt", "sgd"), integer("n", 1, 2, "opt == adam")),
            "when asks for 'adam', which is no parameter (if it is a text, write 'adam' in quotes)",
        ),
        (
            (integer("n", 1, 2, "n > 1"),),
            "'n': when asks for 'n', which must be listed before it",
        ),
        (
            (listed("opt", "sgd", "adam"), integer("n", 1, 2, {"opt": ["sgd", "adm"]})),
            "when asks for opt == 'adm', which never holds; opt is one of 'sgd', 'adam'",
        ),
        (
            (integer("k", 1, 2), integer("n", 1, 2, {"k": 3})),
            "when asks for k == 3, which never holds; k is a whole number from 1 to 2",
        ),
        (
            (integer("k", 1, 2), integer("n", 1, 2, {"k": True})),
            "when asks for k == True, which never holds",
        ),
        (
            (Constant(name="c", value="a"), integer("n", 1, 2, {"c": "b"})),
            "when asks for c == 'b', which never holds; c is only 'a'",
        ),
        (
            (
                Linked(names=("a", "b"), candidates=([1, 2], [3, 4])),
                integer("n", 1, 2, {"b": 3}),
            ),
            "when asks for b == 3, which never holds; b is one of [1, 2], [3, 4]",
        ),
        (
            (Linked(names=("a", "b"), candidates=([1, 2],)), integer("b", 1, 2)),
            "parameter 'b' is defined 2 times",
        ),
        (
            (Linked(names=("a", "b"), candidates=([1, 2],)), integer("a+b", 1, 2)),
            "parameter 'a+b' is defined 2 times",
        ),
        (
            (Choice(name="opt", options={"a": [unit("x")], "b": [unit("x")]}),),
            "parameter 'x' is defined 2 times",
        ),
    ],
)
def test_conditions_and_names_that_cannot_work_are_refused(parameters: Any, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        SearchSpace(parameters)
    assert message in str(caught.value)


def test_numbers_of_a_condition_may_be_written_either_way() -> None:
    space = SearchSpace((unit("lr"), integer("k", 1, 2), integer("n", 1, 2, {"lr": 1, "k": 2.0})))
    assert space.contains({"lr": 1.0, "k": 2, "n": 1})
    assert space.contains({"lr": 1.0, "k": 1})


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("n > 1", "rules must be a list of texts such as ['n * d <= 200'], got 'n > 1'"),
        (3, "rules must be a list"),
        ([3], "rule must be a text such as"),
        (["n * 2"], "rule 'n * 2' does not answer yes or no"),
        (
            ["m > 1"],
            "the name 'm' is unknown (if it is a text, write 'm' in quotes); known names: n, w",
        ),
        (["nn > 1"], "the name 'nn' is unknown (did you mean 'n'?); known names: n, w, d"),
        (["n = 1"], "; allowed: names, numbers, texts in quotes"),
        (["w.x > 1"], "'w.x' is not allowed"),
        (["1 > 2"], "rule '1 > 2' names no parameter; known: n, w, d"),
    ],
)
def test_rules_that_cannot_work_are_refused(rules: Any, message: str) -> None:
    linked = Linked(names=("w", "d"), candidates=([1, 2],))
    with pytest.raises(SpecError) as caught:
        SearchSpace((integer("n", 1, 2), linked), rules)
    assert message in str(caught.value)


# --- rules


RULED = SearchSpace(
    (
        integer("n", 1, 4),
        integer("d", 1, 3, when="n > 1"),
        Linked(names=("w", "h"), candidates=([1, 2], [3, 4])),
    ),
    ["n * d <= 6", "h > n or n == 4"],
)


def test_a_rule_leaves_out_what_breaks_it_and_spares_what_is_not_in_use() -> None:
    product = itertools.product(range(1, 5), [None, 1, 2, 3], [(1, 2), (3, 4)])
    expected = [
        {"n": n, **({} if d is None else {"d": d}), "w": w, "h": h}
        for n, d, (w, h) in product
        if (d is None) == (n == 1) and (d is None or n * d <= 6) and (h > n or n == 4)
    ]
    assert all_of(RULED) == expected
    assert RULED.size == len(expected)


def test_a_rule_that_cannot_be_computed_does_not_hold() -> None:
    space = SearchSpace((integer("n", 0, 2),), ["1 / n <= 1"])
    assert all_of(space) == [{"n": 1}, {"n": 2}]
    assert not space.allows({"n": 0})
    assert "1 / n <= 1' cannot be computed with n=0: division by zero" in space.problem({"n": 0})


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"n": 2, "d": 1, "w": 3, "h": 4}, ""),
        ({"w": 3, "h": 4, "d": 1, "n": 2}, ""),
        ({"n": 1, "w": 1, "h": 2}, ""),
        ({}, "'n' has no value; it is a whole number from 1 to 4"),
        ({"n": 2, "w": 3, "h": 4}, "'d' has no value; it is a whole number from 1 to 3"),
        ({"n": 1, "d": 1, "w": 3, "h": 4}, "'d' is used only when n > 1"),
        ({"n": 1.0, "w": 1, "h": 2}, "n=1.0 is not allowed; it is a whole number from 1 to 4"),
        ({"n": 2, "d": 1, "w": 3, "h": 2}, "w+h=[3, 2] is not allowed; it is one of [1, 2], [3"),
        ({"n": 2, "d": 1, "w": 3}, "'h' has no value; it is one of [1, 2], [3, 4]"),
        ({"n": 2, "d": 1, "width": 3}, "'width' is no parameter; known: n, d, w, h"),
        ({"N": 2}, "'N' is no parameter (did you mean 'n'?); known: n, d, w, h"),
        ({"n": 3, "d": 3, "w": 3, "h": 4}, "rule 'n * d <= 6' does not hold with n=3, d=3"),
    ],
)
def test_a_problem_is_named_in_one_line(params: dict[str, Any], problem: str) -> None:
    found = RULED.problem(params)
    assert found.startswith(problem)
    assert bool(found) == bool(problem)
    assert RULED.contains(params) == (not problem)


def test_a_plain_space_names_problems_too() -> None:
    space = SearchSpace((integer("n", 1, 2),), ["n > 1"])
    assert [space.contains({"n": n}) for n in (1, 2, 3)] == [False, True, False]
    assert [bool(space.problem({"n": n})) for n in (1, 2, 3)] == [True, False, True]


# --- size


def test_a_space_is_counted_up_to_a_limit() -> None:
    wide = [integer(name, 1, 100) for name in "ab"]
    assert SearchSpace((*wide, integer("c", 1, 1000))).size == 10**7
    assert SearchSpace(wide, ["a > 0"]).size == 10**4
    assert SearchSpace((*wide, integer("c", 1, 5)), ["a > 0"]).size == COUNTED
    assert SearchSpace((*wide, integer("c", 1, 6)), ["a > 0"]).size is None
    many = SearchSpace((*wide, integer("c", 1, 6), integer("d", 1, 2, "a > 3")))
    assert many.size is None
    assert next(many.combinations()) == {"a": 1, "b": 1, "c": 1}
    with pytest.raises(IndexError):
        many.combination_at(0)


def test_dead_ends_are_not_looked_at_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automl.space.space._LOOKED_AT", 1000)
    near, far = (SearchSpace((integer("a", 1, last),), ["a == 7"]) for last in (1000, 1002))
    assert (near.size, far.size) == (1, None)


def test_what_cannot_be_counted_cannot_be_walked() -> None:
    space = SearchSpace((integer("n", 1, 2), unit("lr", {"n": 2})), ["n > 0"])
    assert space.size is None
    with pytest.raises(SpecError, match="values of parameter 'lr' cannot be counted; give step="):
        next(space.combinations())


# --- the share that rules leave


@pytest.mark.parametrize(
    ("parameters", "rules", "reason"),
    [
        ((integer("n", 1, 4),), ["n > 4"], "allow no combination (for example, rule 'n > 4' does"),
        ((integer("n", 1, 4),), ["n > 'a'"], "cannot be computed with n="),
        ((unit("a"), unit("b")), ["a + b < 0"], "allow none of 10,000 random draws (for exa"),
    ],
)
def test_rules_that_allow_nothing_are_refused(parameters: Any, rules: Any, reason: str) -> None:
    space = SearchSpace(parameters, rules)
    with pytest.raises(SpecError) as caught:
        check_rules(space)
    assert reason in str(caught.value)
    assert str(caught.value).endswith("; loosen or correct a rule")


def test_rules_that_leave_little_are_warned_of_and_others_not() -> None:
    pair = (unit("a"), unit("b"))
    little = check_rules(SearchSpace(pair, ["a + b < 0.05"]))
    assert little is not None
    assert "allow only 0." in little
    assert "% of the random combinations" in little
    one = check_rules(SearchSpace((integer("n", 1, 10**4),), ["n == 7"]))
    assert one is not None
    assert "allow only 1 combinations" in one
    assert check_rules(SearchSpace(pair, ["a + b < 1"])) is None
    assert check_rules(SearchSpace(pair)) is None


def test_the_share_is_that_of_the_draws() -> None:
    pair = (unit("a"), unit("b"))
    assert allowed_share(SearchSpace(pair, ["a + b < 1"])) == pytest.approx(0.5, abs=0.05)
    assert allowed_share(SearchSpace(pair, ["a < 2"]), 10) == 1.0
    assert allowed_share(SearchSpace(pair), 10) == 1.0


def test_a_condition_that_cannot_be_computed_is_found_before_the_start() -> None:
    space = SearchSpace((integer("k", 0, 3), integer("n", 1, 2, "6 / k > 2")))
    with pytest.raises(SpecError, match=r"parameter 'n': when '6 / k > 2' cannot be computed with"):
        check_rules(space)
    # Where the parameter that it asks for is never in use, there is nothing to compute.
    off = (*CHAIN.parameters, integer("k", 0, 3, "momentum > 1"), integer("n", 1, 2, "6 / k > 2"))
    assert check_rules(SearchSpace(off)) is None


# --- any space


@st.composite
def conditions(draw: st.DrawFn, earlier: list[Parameter]) -> Any:
    asked = draw(st.sampled_from(earlier))
    if isinstance(asked, Linked):
        return f"{asked.names[0]} == 1"
    values = [asked.value_at(index) for index in range(asked.count or 0)]
    some = draw(st.lists(st.sampled_from(values), min_size=1, max_size=2))
    return draw(st.sampled_from([{asked.name: some}, f"{asked.name} in {some!r}", None]))


@st.composite
def parameters(draw: st.DrawFn, name: str, when: Any) -> Parameter:  # noqa: PLR0911 - a kind each
    when = condition_of(name, when)
    count = draw(st.integers(1, 3))
    kind = draw(st.sampled_from(sorted(KINDS)))
    if kind == "Categorical":
        values: list[Any] = [1, 1.0, True, "a", None, [1]]
        return listed(name, *draw(st.permutations(values))[:count], when=when)
    if kind == "Constant":
        return Constant(name=name, value=draw(st.sampled_from([1, "a"])), when=when)
    if kind == "Integer":
        return Integer(name=name, min_value=1, max_value=count, when=when)
    if kind == "Linked":
        pairs: Any = [[number, "x"] for number in range(count)]
        return Linked(names=(name, name * 2), candidates=pairs, when=when)
    if kind == "Normal":
        return Normal(name=name, mean=0, std=0.1, step=0.7, when=when)
    if kind == "LogNormal":
        return LogNormal(name=name, mean=0, std=0.1, step=1, when=when)
    return Real(name=name, min_value=0, max_value=0.3, step=0.2, when=when)


@st.composite
def spaces(draw: st.DrawFn) -> SearchSpace:
    made: list[Parameter] = []
    for name in "abcde"[: draw(st.integers(1, 5))]:
        when = draw(conditions(made)) if made else None
        made.append(draw(parameters(name, when)))
    names = [one.names[0] for one in made]
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names)).map(
        lambda pair: draw(st.sampled_from(["{} != {}", "{} <= {}", "{} == 1 or {} != 'a'"])).format(
            *pair
        )
    )
    return SearchSpace(made, draw(st.lists(pairs, max_size=2)))


ANY_SPACE = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)


@ANY_SPACE
@given(spaces())
def test_combinations_are_contained_once_each_in_the_order_of_their_index(
    space: SearchSpace,
) -> None:
    combinations = all_of(space)
    assert space.size == len(combinations)
    assert len({combination_key(params) for params in combinations}) == len(combinations)
    for index, params in enumerate(combinations):
        assert space.contains(params), space.problem(params)
        assert combination_key(space.combination_at(index)) == combination_key(params)
        assert list(params) == [name for name in space.names if name in params]


@ANY_SPACE
@given(spaces(), st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_what_is_assembled_is_chosen_again_and_one_of_the_combinations(
    space: SearchSpace, shares: list[float]
) -> None:
    answers: dict[str, Any] = {}

    def choose(parameter: Parameter) -> Any:
        answers[parameter.name] = parameter.quantile(shares[len(answers)])
        return answers[parameter.name]

    params = space.assemble(choose)
    assert space.chosen(params) == answers
    assert space.assemble(lambda parameter: answers[parameter.name]) == params
    keys = {combination_key(combination) for combination in space.combinations()}
    assert (combination_key(params) in keys) == space.allows(params) == space.contains(params)


@ANY_SPACE
@given(spaces(), st.data())
def test_any_change_of_a_combination_is_contained_only_if_it_is_another_one(
    space: SearchSpace, data: st.DataObject
) -> None:
    combinations = all_of(space)
    if not combinations:
        return
    params = dict(data.draw(st.sampled_from(combinations)))
    name = data.draw(st.sampled_from([*space.names, "other"]))
    value = data.draw(st.sampled_from([1, 2, True, 1.0, 0.2, "a", "x", None, [1], ...]))
    params.pop(name, None)
    if value is not ...:
        params[name] = value
    keys = {combination_key(combination) for combination in combinations}
    assert space.contains(params) == (combination_key(params) in keys)
    assert space.contains(params) == (not space.problem(params))


@ANY_SPACE
@given(spaces())
def test_a_space_is_made_again_from_its_description(space: SearchSpace) -> None:
    described_all = json.loads(json.dumps([described(one) for one in space]))
    again = [KINDS[one.pop("type")](**one) for one in described_all]
    assert SearchSpace(again, list(space.rules)) == space
    assert pickle.loads(pickle.dumps(space)) == copy.deepcopy(space) == space  # noqa: S301
