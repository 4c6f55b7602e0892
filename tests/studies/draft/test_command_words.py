"""Values of parameters in the words of a command."""

import pytest

from automl.discovery.given import with_given
from automl.discovery.option import Kind, Option
from automl.studies.draft.command_words import command_of
from automl.studies.draft.judging.judge import Verdict, judge

OPTIONS = (
    Option(("--lr", "-l"), Kind.FLOAT, 0.01),
    Option(("--layers",), Kind.INTEGER, 2),
    Option(("--amp",), Kind.FLAG, default=False, negative="--no-amp"),
    Option(("--data",), Kind.PATH),
    Option(("--seed",), Kind.INTEGER, 0),
)
LR, LAYERS, AMP = (f"{{{{ trial.param.{name} }}}}" for name in ("lr", "layers", "amp"))


def made(
    words: str,
    options: tuple[Option, ...] = OPTIONS,
    start: int = 1,
    options_at: int | None = None,
) -> str:
    typed = words.split()
    given = with_given(options, typed[start:])
    tuned = [one for one in map(judge, given) if one.verdict is Verdict.TUNED]
    return " ".join(command_of(typed, start, given, tuned, options_at))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("./t", f"./t --lr {LR} --layers {LAYERS} {AMP}"),
        ("./t --lr 0.1", f"./t --lr {LR} --layers {LAYERS} {AMP}"),
        ("./t --lr=0.1 --data x", f"./t --lr={LR} --data x --layers {LAYERS} {AMP}"),
        ("./t -l 0.1 --seed 1", f"./t -l {LR} --seed 1 --layers {LAYERS} {AMP}"),
        ("./t -l0.1 --amp", f"./t -l{LR} {AMP} --layers {LAYERS}"),
        ("./t --no-amp --layer 3", f"./t {AMP} --layer {LAYERS} --lr {LR}"),
        ("./t --lr 3 --layers 3", f"./t --lr {LR} --layers {LAYERS} {AMP}"),
        ("./t --data 0.1 --lr 0.1", f"./t --data 0.1 --lr {LR} --layers {LAYERS} {AMP}"),
        ("./t --lr 1 --lr 2", f"./t --lr 1 --lr {LR} --layers {LAYERS} {AMP}"),
        ("./t -- x", f"./t --lr {LR} --layers {LAYERS} {AMP} -- x"),
    ],
)
def test_a_value_goes_where_it_was_typed_or_behind_all(words: str, expected: str) -> None:
    assert made(words) == expected


def test_positionals_and_joined_names_are_replaced_in_their_places() -> None:
    options = (
        Option(("rate",), Kind.FLOAT, positional=True),
        Option(("model.depth",), Kind.INTEGER, 3, joined=True),
    )
    rate, depth = "{{ trial.param.rate }}", "{{ trial.param.model.depth }}"
    assert made("./t 0.5", options) == f"./t {rate} model.depth={depth}"
    assert made("./t model.depth=5 0.5", options) == f"./t model.depth={depth} {rate}"


def test_options_stand_before_their_subcommand_or_behind() -> None:
    options = (
        Option(("--lr",), Kind.FLOAT, 0.01),
        Option(("--layers",), Kind.INTEGER, 2, subcommand="fit"),
    )
    assert made("./t fit x", options) == f"./t --lr {LR} fit x --layers {LAYERS}"


def test_a_value_that_may_begin_with_a_dash_is_one_word_with_its_name() -> None:
    options = (Option(("--shift",), Kind.FLOAT, 0.0, low=-1.0, high=1.0),)
    assert made("./t", options) == "./t --shift={{ trial.param.shift }}"


@pytest.mark.parametrize(
    ("words", "options_at", "expected"),
    [
        ("./t data.txt", 0, f"./t --lr {LR} --layers {LAYERS} {AMP} data.txt"),
        ("./t fit data.txt", 1, f"./t fit --lr {LR} --layers {LAYERS} {AMP} data.txt"),
        ("./t --lr 1 data.txt", 0, f"./t --layers {LAYERS} {AMP} --lr {LR} data.txt"),
        ("./t -- x", 2, f"./t --lr {LR} --layers {LAYERS} {AMP} -- x"),
        ("./t", 3, f"./t --lr {LR} --layers {LAYERS} {AMP}"),
    ],
)
def test_options_stand_before_the_words_behind_which_none_is_read(
    words: str, options_at: int, expected: str
) -> None:
    assert made(words, options_at=options_at) == expected


def test_options_of_a_subcommand_stand_right_behind_it() -> None:
    options = (
        Option(("--lr",), Kind.FLOAT, 0.01),
        Option(("--layers",), Kind.INTEGER, 2, subcommand="fit"),
    )
    expected = f"./t --lr {LR} fit --layers {LAYERS} x"
    assert made("./t fit x", options, options_at=1) == expected
