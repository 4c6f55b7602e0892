import argparse
import json
import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from automl.render.context import value_text
from automl.render.number_words import float_word, looks_like_an_option
from automl.render.template import Template, TemplateContext

finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0.1, "0.1"),
        (1e-05, "0.00001"),
        (-1e-05, "-0.00001"),
        (1.5e-07, "0.00000015"),
        (-1e-16, "-0.0000000000000001"),
        (1e-18, "0.000000000000000001"),
        (1e-19, "1.0e-19"),
        (-1e-18, "-1.0e-18"),
        (1e-25, "1.0e-25"),
        (3.5252026651556654e-05, "3.5252026651556654e-05"),
        (1e16, "10000000000000000.0"),
        (1e17, "100000000000000000.0"),
        (1e22, "1.0e+22"),
        (5e-324, "5.0e-324"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (-0.0, "-0.0"),
    ],
)
def test_a_float_is_plain_decimals_where_these_are_short(number: float, word: str) -> None:
    assert float_word(number) == word


@given(finite)
def test_a_float_is_read_back_by_all_that_programs_use(number: float) -> None:
    word = float_word(number)
    for read in (float, json.loads, yaml.safe_load):
        found = read(word)
        assert type(found) is float
        assert found.hex() == number.hex()


@given(st.lists(finite), st.dictionaries(st.text(), finite | st.none() | st.booleans()))
def test_so_is_one_in_a_list_or_a_dictionary(numbers: list[float], named: dict[str, float]) -> None:
    value = [*numbers, {"deep": [named]}]
    assert json.loads(value_text(value)) == value
    assert yaml.safe_load(value_text(numbers)) == numbers
    assert value_text([1e-5, math.inf]) == "[0.00001, Infinity]"


@given(finite)
def test_argparse_takes_it_for_a_number_unless_that_is_told(number: float) -> None:
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("--shift", type=float)
    word = float_word(number)
    assert parser.parse_args([f"--shift={word}"]).shift == number
    if not looks_like_an_option(word):
        assert parser.parse_args(["--shift", word]).shift == number
    assert float_word(-1e-5) == "-0.00001"


def test_a_template_can_write_it_as_python_does() -> None:
    context = TemplateContext(0, {"x": 1e-5}, "/t", 1, "s", "/s")
    assert Template("<<trial.param.x>>", where="w").render(context) == "0.00001"
    assert Template("{{ trial.param.x | string }}", where="w").render(context) == "0.00001"
    assert Template("{{ '%r' % trial.param.x }}", where="w").render(context) == "1e-05"
