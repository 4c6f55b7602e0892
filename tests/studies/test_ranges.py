"""Parameters in one word: what they mean, and errors that point at the place."""

import shlex
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.space.kinds.registry import item_from
from automl.studies.ranges.command import command_of
from automl.studies.ranges.functions import FUNCTIONS
from automl.studies.ranges.parameter import parameter_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lr=1e-5..1e-1:log", {"type": "Real", "min_value": 1e-5, "max_value": 0.1, "log": True}),
        ("--lr=1e-5..1e-1:log", {"type": "Real", "min_value": 1e-5, "max_value": 0.1, "log": True}),
        ("x=1..4", {"type": "Integer", "min_value": 1, "max_value": 4}),
        ("x=-3..-1", {"type": "Integer", "min_value": -3, "max_value": -1}),
        ("x=1..64:log", {"type": "Integer", "min_value": 1, "max_value": 64, "log": True}),
        (
            "x=16..256:log:step=16",
            {"type": "Integer", "min_value": 16, "max_value": 256, "step": 16, "log": True},
        ),
        ("x=1..4.0", {"type": "Real", "min_value": 1.0, "max_value": 4.0}),
        ("x=0..1:step=0.1", {"type": "Real", "min_value": 0.0, "max_value": 1.0, "step": 0.1}),
        ("x=16..64:step=16", {"type": "Integer", "min_value": 16, "max_value": 64, "step": 16}),
        ("x=0.0..1.0", {"type": "Real", "min_value": 0.0, "max_value": 1.0}),
        ("x=0,1", {"type": "Categorical", "candidates": [0, 1]}),
        ("x=adam, sgd", {"type": "Categorical", "candidates": ["adam", "sgd"]}),
        ("x=1,2.5,1e-3,007,nan,a b", {"type": "Categorical",
                                      "candidates": [1, 2.5, 1e-3, "007", "nan", "a b"]}),
        ("""x="1",'a,b',''""", {"type": "Categorical", "candidates": ["1", "a,b", ""]}),
        ("x=it's,don't", {"type": "Categorical", "candidates": ["it's", "don't"]}),
        ("x=../a,../b", {"type": "Categorical", "candidates": ["../a", "../b"]}),
        ("x=5", {"type": "Constant", "value": 5}),
        ("x=2024-01-01", {"type": "Constant", "value": "2024-01-01"}),
        ("x=a=b", {"type": "Constant", "value": "a=b"}),
        ("x=flag", {"type": "Flag", "on": "--x"}),
        ("--no-amp=flag", {"type": "Flag", "on": "--no-amp"}),
        ("x=flag(--a, --no-a)", {"type": "Flag", "on": "--a", "off": "--no-a"}),
        ("x=loguniform(1e-5, 1e-1)",
         {"type": "Real", "min_value": 1e-5, "max_value": 0.1, "log": True}),
        ("x=loguniform(1, 8, discrete=True)",
         {"type": "Integer", "min_value": 1, "max_value": 8, "log": True}),
        ("x=uniform(0, 1)", {"type": "Real", "min_value": 0.0, "max_value": 1.0}),
        ("x=uniform(high=2, low=1)", None),
        ("x=randint(0, 1)", {"type": "Integer", "min_value": 0, "max_value": 1}),
        ("x=randint(2, 8, step=2)", {"type": "Integer", "min_value": 2, "max_value": 8, "step": 2}),
        ("x=choice(adam, 'a,b', 3)", {"type": "Categorical", "candidates": ["adam", "a,b", 3]}),
        ("x=choices(['adam', 'sgd'])", {"type": "Categorical", "candidates": ["adam", "sgd"]}),
        ("x=normal(0, 1)", {"type": "Normal", "mean": 0.0, "std": 1.0}),
        ("x=lognormal(0, 1, step=1)", {"type": "LogNormal", "mean": 0.0, "std": 1.0, "step": 1}),
        ('x=0.0..0.9 if opt == "sgd"',
         {"type": "Real", "min_value": 0.0, "max_value": 0.9, "when": 'opt == "sgd"'}),
        ("x=a,'b if c' if y > 2",
         {"type": "Categorical", "candidates": ["a", "b if c"], "when": "y > 2"}),
    ],
)  # fmt: skip
def test_a_word_describes_a_parameter(text: str, expected: dict[str, object] | None) -> None:
    described = parameter_of(text).described
    item_from(described)
    if expected is not None:
        name = text.partition("=")[0].lstrip("-")
        assert described == {"name": name, **expected}


def test_blanks_around_the_sign_do_no_harm() -> None:
    assert parameter_of(" --x = 1..4 ") == parameter_of("--x=1..4")


def test_names_of_bounds_count_not_their_order() -> None:
    assert parameter_of("x=uniform(high=2, low=1)").described["max_value"] == 2


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        ("x=0..1", 3, "0.0..1.0 for all numbers between, 0,1 for the two"),
        ("x=0.1-0.5", 3, "write 0.1..0.5"),
        ("x=0.1 to 5", 3, "write 0.1..5"),
        ("x=0.1:0.5", 3, "write 0.1..0.5"),
        ("x=0.1...0.5", 8, "upper bound must be a number, got '.0.5'"),
        ("x=..5", 3, "lower bound must be a number, there is nothing"),
        ("x=1..b", 6, "'b'"),
        ("x=1..1e999", 6, "upper bound"),
        ("x=5..1", 6, "above the lower one"),
        ("x=5..5", 6, "above the lower one"),
        ("x=0..5:log", 3, "above 0"),
        ("x=1..5:lag", 8, "did you mean 'log'"),
        ("x=1..5:step=0", 13, "above 0"),
        ("x=1..5:log:log", 12, "twice"),
        ("x=a,,b", 5, "an item is missing"),
        ("x=a,b,", 7, "an item is missing"),
        ("x=a,a", 5, "twice"),
        ('x="a,b', 3, "not closed"),
        ("x=loguniforn(1,2)", 3, "did you mean 'loguniform'"),
        ("x=sqrt(2)", 3, "put it in quotes"),
        ("x=uniform(1,2", 3, "closing ')'"),
        ("x=uniform(1)", 3, "two values"),
        ("x=uniform(1,a)", 13, "'a'"),
        ("x=uniform(1,2,stp=3)", 19, "did you mean 'step'"),
        ("x=uniform(1,2,discrete=maybe)", 24, "True or False"),
        ("x=randint(1.5,2)", 11, "whole number"),
        ("x=choices({a: 0.1})", 11, "no list"),
        ("x=normal(0,-1)", 12, "above 0"),
        ("x=1..5 if ", 11, "nothing follows"),
        ("x=", 3, "no range"),
        ("x=0.001:1:log", 3, "write 0.001..1:log"),
        ("x=1e-5-1e-1", 3, "write 1e-5..1e-1"),
        ("x=[0.001, 1]", 3, "write 0.001..1"),
        ("x=(-1,+2)", 3, "write -1..+2"),
        ("x=1 to 10", 3, "write 1..10"),
        ("=1..5", 1, "no name"),
        ("a b=1..5", 1, "no name"),
        ("lr", 1, "NAME=RANGE"),
        ("", 1, "NAME=RANGE"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_text_place_and_what_is_allowed(
    text: str, column: int, told: str
) -> None:
    with pytest.raises(SpecError) as caught:
        parameter_of(text)
    first = str(caught.value).splitlines()[0]
    assert first.startswith(f"character {column} of {text!r}: ")
    assert told in str(caught.value)
    if text:
        shown, mark = str(caught.value).splitlines()[1:3]
        assert shown == f"    {text}"
        assert mark.index("^") == column + 3


PIECES = [*"01.5e-+:,='\"()[]{} alogstepifx~", "..", ":log", ":step=", " if ", *FUNCTIONS]
WORDS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


@given(st.one_of(WORDS, st.text(max_size=30)), st.sampled_from(["x=", "--x=", ""]))
@example("9" * 5000 + "..1", "x=")
@example("1.." + "9" * 5000, "x=")
@example("0..1\n", "x=")
def test_any_text_is_a_parameter_or_an_error_with_a_place(text: str, start: str) -> None:
    described = None
    told = "character 1"
    try:
        described = parameter_of(start + text).described
        item_from(described)
    except SpecError as error:
        told = str(error)
    # Only the kind itself knows whether steps fit, and whether a condition can be read.
    assert told.startswith("character ") or (described and described["name"] in told)


PLAIN = st.text(string.ascii_letters + string.digits + "._/-+ ='$", min_size=1, max_size=8)


@given(
    st.lists(
        st.one_of(st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False),
                  PLAIN),
        min_size=2, max_size=5, unique_by=lambda one: (type(one), one),
    )
)  # fmt: skip
def test_every_value_can_be_written_in_a_list(values: list[object]) -> None:
    written = [repr(one) if not isinstance(one, str) else f'"{one}"' for one in values]
    assert parameter_of(f"x={','.join(written)}").described["candidates"] == values


@given(one=st.floats(-1e9, 1e9), other=st.floats(-1e9, 1e9), log=st.booleans())
def test_every_range_can_be_written_and_no_shell_touches_it(
    one: float, other: float, *, log: bool
) -> None:
    low, high = sorted((one, other))
    if low == high or (log and low <= 0):
        return
    text = f"x={low!r}..{high!r}{':log' * log}"
    assert shlex.split(text) == [text]
    described = parameter_of(text).described
    assert (described["min_value"], described["max_value"]) == (low, high)


@pytest.mark.parametrize(
    ("words", "beside", "expected"),
    [
        (["t", "--lr", "{lr}"], ["lr=1..4"], ["t", "--lr", "{{ trial.param.lr }}"]),
        (["t", "{lr}", "${lr}", "{{lr}}", "{other}"], ["lr=1..4"],
         ["t", "{{ trial.param.lr }}", "${lr}", "{{lr}}", "{other}"]),
        (["t", "--set=a.{lr}.b"], ["lr=1..4"], ["t", "--set=a.{{ trial.param.lr }}.b"]),
        (["t"], ["--lr=1..4"], ["t", "--lr", "{{ trial.param.lr }}"]),
        (["t"], ["--lr=-1..4"], ["t", "--lr={{ trial.param.lr }}"]),
        (["t"], ["--lr=normal(0, 1)"], ["t", "--lr={{ trial.param.lr }}"]),
        (["t"], ["--lr=-a,b"], ["t", "--lr={{ trial.param.lr }}"]),
        (["t"], ["-x=-1..4"], ["t", "-x", "{{ trial.param.x }}"]),
        (["t"], ["--amp=flag"], ["t", "{{ trial.param.amp }}"]),
        (["t", "{lr}"], ["--lr=1..4"], ["t", "{{ trial.param.lr }}"]),
        (["t", "{{ trial.param.lr * 2 }}"], ["--lr=1..4"], ["t", "{{ trial.param.lr * 2 }}"]),
        (["t", "{{ trial.param.lrs }}"], ["--lr=1..4", "lrs=1..2"],
         ["t", "{{ trial.param.lrs }}", "--lr", "{{ trial.param.lr }}"]),
        (["t", "--lr~loguniform(1e-5,1e-1)"], [], ["t", "--lr", "{{ trial.param.lr }}"]),
        (["t", "--lr~uniform(-1,1)"], [], ["t", "--lr={{ trial.param.lr }}"]),
        (["t", "--lr~1e-5..1e-1:log"], [], ["t", "--lr", "{{ trial.param.lr }}"]),
        (["t", "--opt~adam,sgd"], [], ["t", "--opt", "{{ trial.param.opt }}"]),
        (["t", "x~uniform(0,1)"], [], ["t", "{{ trial.param.x }}"]),
        (["git", "HEAD~1", "backup~", "~/x", "a~b(c)"], [],
         ["git", "HEAD~1", "backup~", "~/x", "a~b(c)"]),
        (["t"], ["--batch-size=8,16"], ["t", "--batch-size", "{{ trial.param.batch-size }}"]),
    ],
)  # fmt: skip
def test_the_words_of_a_command(words: list[str], beside: list[str], expected: list[str]) -> None:
    assert command_of(words, map(parameter_of, beside)).words == expected


def test_a_wrong_mark_points_into_its_word() -> None:
    with pytest.raises(SpecError, match=r"character 6 of '--lr~0\.\.1'"):
        command_of(["t", "--lr~0..1"], [])
