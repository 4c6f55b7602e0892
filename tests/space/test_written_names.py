"""Names that are no Python words, in rules and conditions as users write them."""

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.space.expression import Expression
from automl.space.kinds.registry import parameter_from
from automl.space.parameters import Flag, Real, described
from automl.space.space import SearchSpace
from automl.space.written_names import is_word

ODD = ("batch-size", "model.lr", "learning rate", "1_cv", "lambda", "größe", "it's", "a%")
OPERATORS = ("and", "or", "not", "in", "is", "if", "else")


def space(*names: str, rules: tuple[str, ...] = (), when: Any = None) -> SearchSpace:
    parameters = [Real(name=name, min_value=0, max_value=100) for name in names]
    held = [Real(name="held", min_value=0, max_value=1, when=when)] if when else []
    return SearchSpace([*parameters, *held], rules=rules)


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("form", ["{}", "trial.param.{}", "trial.param[{!r}]"])
def test_a_rule_and_a_condition_take_a_name_as_written(name: str, form: str) -> None:
    text = f"{form.format(name)} * x <= 10 and {name!r} != x"
    for made in (space(name, "x", rules=(text,)), space(name, "x", when=text)):
        values: dict[str, Any] = {name: 2.0, "x": 5.0}
        holds = made.allows(values) if made.rules else made.problem({**values, "held": 0.5}) == ""
        assert holds
        values = {name: 3.0, "x": 5.0}
        holds = made.allows(values) if made.rules else made.problem({**values, "held": 0.5}) == ""
        assert not holds


def test_the_longest_known_name_is_meant() -> None:
    (rule,) = space("top k", "top", "top k acc", rules=("top k acc <= top",)).read_rules
    assert rule.names == ("top k acc", "top")
    (rule,) = space("model", "model.lr", rules=("model.lr <= model",)).read_rules
    assert rule.names == ("model.lr", "model")


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["batch", "batch-size"], "batch-size <= 3"),
        (["batch", "size", "batch-size"], "batch-size <= 3"),
        (["lr", "lr-1"], "lr-1 > 0"),
        (["a", "a or b"], "a or b"),
        (["batch", "batch-size"], "x > 1 and trial.param.batch-size <= 3"),
    ],
)
def test_a_name_with_two_meanings_is_refused_with_both_ways_to_write_it(
    names: list[str], text: str
) -> None:
    long, short = names[-1], names[0]
    for given_as in ({"rules": (text,)}, {"when": text}):
        with pytest.raises(SpecError) as caught:
            space(*names, "x", **given_as)
        assert f"trial.param[{long!r}] for the first" in str(caught.value)
        assert f"trial.param[{short!r}]{long[len(short) :]} for the second" in str(caught.value)


def test_the_ways_to_write_it_are_accepted() -> None:
    rules = ("trial.param['batch-size'] <= trial.param['batch']-size", "batch - size >= 0")
    first, second = space("batch", "size", "batch-size", rules=rules).read_rules
    assert first.names == ("batch-size", "batch", "size")
    assert second.names == ("batch", "size")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("batch-siz <= 3", "the name 'batch-siz' is unknown .did you mean 'batch-size'"),
        ("learning rat <= 3", "did you mean 'learning rate' by 'learning rat'"),
        ("trial.param.batch-siz > 1", "did you mean 'batch-size' by 'batch-siz'"),
        ("modl.lr > 1", "did you mean 'model.lr' by 'modl.lr'"),
        ("trial.param['y'] > 1", "the name 'y' is unknown"),
        ("x.y > 1", "'x.y' is not allowed"),
        ("x y > 1", "cannot be read"),
    ],
)
def test_hints_suggest_what_was_written(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        space(*ODD, "x", rules=(text,))
    with pytest.raises(SpecError):
        space(*ODD, "x", when=text)


def test_a_formula_that_cannot_be_right_is_refused_when_its_parameter_is_made() -> None:
    for wrong in ("x >", "(x > 1", "x = 3", "len(x)", "x + 1", "f(x) > 1", "'a b' 'c d' x"):
        with pytest.raises(SpecError):
            Real(name="y", min_value=0, max_value=1, when=wrong)  # type: ignore[arg-type]
    late = Real(name="y", min_value=0, max_value=1, when="learning rate > 1")  # type: ignore[arg-type]
    with pytest.raises(SpecError, match="parameter 'y': when 'learning rate > 1' cannot be read"):
        SearchSpace((late,))


def test_a_condition_of_a_flag_alone() -> None:
    flag = Flag(name="no-aug", on="--no-aug")
    held = Real(name="y", min_value=0, max_value=1, when="no-aug")  # type: ignore[arg-type]
    made = SearchSpace((flag, held))
    assert made.problem({"no-aug": False}) == ""
    assert made.problem({"no-aug": True, "y": 0.5}) == ""


def test_it_is_described_as_written_and_read_back() -> None:
    made = space(*ODD, when="batch-size > 3 and learning rate < 1")
    texts = [json.loads(json.dumps(described(one))) for one in made]
    assert texts[-1]["when"] == "batch-size > 3 and learning rate < 1"
    again = SearchSpace([parameter_from(text) for text in texts])
    assert again == made
    assert [one.when and one.when.names for one in again][-1] == ("batch-size", "learning rate")
    rule = space(*ODD, rules=("batch-size > 3",)).read_rules[0]
    assert pickle.loads(pickle.dumps(rule)).names == ("batch-size",)  # noqa: S301


@given(
    st.text(st.characters(exclude_characters="\0\r\n'\"\\", codec="utf-8"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda name: name and not is_word(name) and name not in OPERATORS)
    .filter(lambda name: not (set(name) <= set("0123456789.eE_+-*/%<>=!~^&|()[]{},: \t")))
)
def test_any_odd_name_is_read_as_itself(name: str) -> None:
    if name in {"True", "False", "None"}:
        return
    rule = Expression(f"1 < {name}", "rule", truth=True, known=(name,))
    assert rule.names == (name,)
    assert rule.evaluate({name: 2})
