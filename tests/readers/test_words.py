"""The number within a word: what is taken, what is not, and what is said of it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.readers.numbers.foreign import is_foreign
from automl.readers.numbers.number import number_of
from automl.readers.numbers.word import word_of
from automl.readers.pattern import Pattern


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.998,", 0.998),
        ("0.7697]", 0.7697),
        ("93.5%", 93.5),
        ("93.5%)", 93.5),
        ("0.1;", 0.1),
        ("0.93}", 0.93),
        ('"0.9"', 0.9),
        ("'0.9',", 0.9),
        ("[0.76]", 0.76),
        ("(-1e-05)", -1e-05),
        ("**0.93**", 0.93),
        ("|0.93|", 0.93),
        ("0.93.", 0.93),
        ("12ms", 12.0),
        ("1.5s,", 1.5),
        ("3.2GiB", 3.2),
        ("0.5it/s]", 0.5),
        ("3\u00b5s", 3.0),
        ("35\u00b0C", 35.0),
        ("93.5 %", 93.5),
        ("inf,", math.inf),
    ],
)
def test_punctuation_and_units_around_a_number_do_not_hide_it(text: str, value: float) -> None:
    assert Pattern(r"^(.*)$").values(text) == [value]
    assert Pattern(r"^(.*)$").values_of(["other", text]) == [value]


@pytest.mark.parametrize(
    "text",
    [
        *("n/a", "-", "", "%", "0.9/1.0", "1.2.3", "2020-08-07", "12:30", "0.5-0.6", "0.9±0.1"),
        *("0x1f", "1e", "e5", "3rd", "12abc", "3-", "=0.5", "12 34", "0.93,loss=0.1"),
        # A thousand, a million or more is not a unit.
        *("10k", "1.5M", "7B", "2G"),
        *("0,93", "1,234.5", "1'000", "1.2D-05"),
        # Python reads these as numbers.
        *("1_0", "1_000.5", "\u0661", "\uff11.5"),
    ],
)
def test_what_is_no_number_is_not_taken(text: str) -> None:
    pattern = Pattern(r"^(.*)$")
    assert pattern.values(text) == Pattern(r"^(.*)$").values_of([text]) == []
    assert pattern.unparsed == text


def test_a_huge_word_is_not_searched_for_a_number() -> None:
    # Trying all of it takes seconds.
    text = "1" * 16_000
    assert word_of(f"{text},") is None
    assert not is_foreign(f"{text},5")
    assert word_of(f"{'1' * 100},") is not None


def test_nan_is_taken_with_its_punctuation() -> None:
    assert [math.isnan(value) for value in Pattern(r"(\S+)").values("nan, NaN]")] == [True, True]


def test_what_was_taken_is_told_once_for_each_unit() -> None:
    pattern = Pattern(r"=(\S+)")
    pattern.values_of(["a=0.5%", "a=0.6%,", "a=0.7%"])
    ((kind, text),) = pattern.words.warnings.items()
    assert kind == "number taken out of a word with %"
    assert "'0.5%': the number 0.5 is taken out of it" in text
    pattern = Pattern(r"=(\S+)")
    pattern.values_of(["a=0.5,", "a=0.6]"])
    assert list(pattern.words.warnings) == ["number taken out of a word"]


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        (["acc=0.93", "took=12s"], [0.93]),
        (["acc=93%", "took=12s", "acc=94%"], [93.0, 94.0]),
        (["t=900ms", "t=1.1s"], [900.0]),
        (["took=12s", "acc=0.93", "took=13s"], [12.0, 0.93]),
        (["acc=0.93,", "acc=0.94]"], [0.93, 0.94]),
    ],
)
def test_numbers_of_another_unit_are_left_out_and_told(
    lines: list[str], values: list[float]
) -> None:
    pattern, together = Pattern(r"=(\S+)"), Pattern(r"=(\S+)")
    assert [value for line in lines for value in pattern.values(line)] == values
    assert together.values_of(lines) == values
    left = len(values) < len(lines)
    assert any("another unit" in kind for kind in pattern.words.warnings) == left


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1,234.5", "1234.5"),
        ("0,93", "0.93"),
        ("1_0", "print it as 10,"),
        ("1.2D-05", "1.2e-05"),
        ("0.9/1.0", "no number"),
    ],
)
def test_a_match_that_may_be_meant_as_a_number_is_told_even_beside_others(
    text: str, told: str
) -> None:
    pattern = Pattern(r"score=(\S+)")
    assert pattern.values_of(["score=0.5", f"score={text}", "score=0.6"]) == [0.5, 0.6]
    assert told in pattern.words.warnings["no number"]
    assert repr(f"score={text}") in pattern.words.warnings["no number"]


def test_words_without_digits_beside_numbers_are_passed_over_in_silence() -> None:
    pattern = Pattern(r"score=(\S+)")
    assert pattern.values_of(["score=n/a", "score=0.5", "score=warmup"]) == [0.5]
    assert pattern.words.warnings == {}


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["", ",", "]", "%", "ms"]))
def test_every_float_is_taken_as_it_stands(value: float, behind: str) -> None:
    word = word_of(f"{value!r}{behind}")
    assert word is not None
    assert word.value == value
    assert number_of(repr(value)) == value


@given(st.text("0123456789.,_-+e%ms/:' ", max_size=8))
def test_a_word_is_taken_only_for_the_one_number_in_it(text: str) -> None:
    word = word_of(text)
    if word is not None:
        assert str(text).replace(" ", "").strip(",;.:'%ms/") != ""
        assert not any(mark in text.strip(",'.: ") for mark in ",_:'")
