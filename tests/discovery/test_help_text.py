"""Help texts of many languages; what is in them was written down by hand before."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.discovery.help_text.parsed import parse_help
from automl.discovery.option import MISSING, Kind, Option

TEXTS = Path(__file__).parent / "help_texts"

EXPECTED = {
    "absl_flags": """
        --amp flag False not --noamp
        --epochs/-e integer 10
        --lr float 0.01
        --opt choice 'adam' of adam,sgd
    """,
    "argparse": """
        --data unknown required
        --lr float 0.01
        --opt choice of adam,sgd
        --batch-size/-b integer 64
        --amp flag True not --no-amp
        --betas unknown (0.9, 0.999) many
        --layers unknown many
        --weird-very-long-name-that-wraps unknown None
        out unknown required positional
    """,
    "boost_program_options": """
        --learning_rate/-l float 0.5
        --power_t float 0.5
        --passes unknown
    """,
    "c_usage": """
        --lr float 0.05
        --hidden integer 16
        --act choice 'tanh' of tanh,relu
        --epochs integer
    """,
    "clap": """
        --lr/-l float 0.01
        --opt choice 'adam' of adam,sgd
        --epochs/-e unknown
        --nesterov flag False
        DATA unknown required positional
        OUT text 'out' positional
    """,
    "clap_long": """
        --lr/-l float 0.01
        --opt choice 'adam' of adam,sgd
    """,
    "click": """
        --lr float 0.01
        --layers integer 2 [1.0,8.0]
        --drop float [0.0,1.0)
        --opt choice of adam,sgd required
        --amp flag False not --no-amp
        --verbose/-v flag False
    """,
    "docopt": """
        --lr float 0.01
        --opt text 'adam'
        data unknown required positional
    """,
    "fasttext": """
        -input flag False
        -output flag False
        -verbose integer 2
        -lr float 0.1
        -dim integer 100
        -loss choice 'softmax' of ns,hs,softmax,one-vs-all
        -saveOutput flag False
        supervised unknown required positional
    """,
    "gnu_argp": """
        --epochs/-e integer 10
        --lr/-l float 0.1 [0.0,1.0]
        --color unknown
        --quiet/-q flag False
        FILE path required positional
    """,
    "go_cobra": """
        --lr float 0.01
        --opt/-o text 'adam'
        --bias flag True
    """,
    "go_flag": """
        -lr float 0.01
        -opt choice 'adam' of adam,sgd
        -v flag False
        -workers integer 4
        -wait text '1s'
    """,
    "java_jcommander": """
        --lr float 0.01
        --nesterov flag False
        --data flag False
    """,
    "java_picocli": """
        --lr/-l float 0.01
        --opt choice 'ADAM' of ADAM,SGD
        --amp flag not --no-amp
    """,
    "libsvm": """
        -s choice 0 of 0,1
        -d integer 3
        -g text '1/num_features'
        -c integer 1
        -e float 0.001
        -h choice 1 of 0,1
        -v integer
        -q flag False
        training_set_file path required positional
        model_file path positional
    """,
    "node_commander": """
        --lr/-l float 0.01
        --opt choice 'adam' of adam,sgd
        --no-bias flag False
    """,
    "node_yargs": """
        --lr float 0.01
        --opt choice 'adam' of adam,sgd
        --bias flag False
    """,
    "python_fire": """
        --lr/-l float 0.01
        --hidden/-h integer 32
    """,
    "r_optparse": """
        --lr/-l float 0.01
        --ntree/-n integer 500
        --scale flag False
    """,
    "shell_usage": """
        --lr float 0.1
        --epochs integer 5
        --depth integer 3 [1.0,10.0]
        -d flag False
    """,
    "typer": """
        --lr float 0.01
        --out/-o path required
        --layers integer 2 [1.0,8.0]
        --opt choice 'adam' of adam,sgd
        --amp flag False not --no-amp
        data text None positional
    """,
    "usage_line": """
        -l unknown
        -e unknown
        -v flag False
        -d unknown required
        FILE path required positional
    """,
    "usage_positionals": """
        lr unknown required positional
        hidden unknown required positional
        epochs unknown positional
    """,
    "word2vec": """
        -train path
        -size integer 100
        -alpha float 0.025
        -hs integer 0
    """,
}


def told(option: Option) -> str:
    parts = ["/".join(option.names), option.kind.value]
    parts += [] if option.default is MISSING else [repr(option.default)]
    parts += [f"of {','.join(map(str, option.choices))}"] if option.choices else []
    parts += [f"not {option.negative}"] if option.negative else []
    if option.low is not None or option.high is not None:
        opened, closed = "[("[option.low_open], "])"[option.high_open]
        parts.append(f"{opened}{option.low},{option.high}{closed}")
    return " ".join(
        [*parts, *(word for word in ("many", "required", "positional") if getattr(option, word))]
    )


def test_every_text_has_its_expectation() -> None:
    assert {path.stem for path in TEXTS.glob("*.txt")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_text_tells_is_found(name: str) -> None:
    found = parse_help((TEXTS / f"{name}.txt").read_text("utf-8"))
    wanted = [line.strip() for line in EXPECTED[name].strip().splitlines()]
    assert [told(one) for one in found.options] == wanted


def one(line: str) -> Option:
    options = parse_help(f"Options:\n{line}\n").options
    assert len(options) == 1
    return options[0]


@pytest.mark.parametrize(
    ("line", "default"),
    [
        ("  --lr R   rate (default: 0.01)", 0.01),
        ("  --lr R   rate [default=1e-3]", 1e-3),
        ("  --lr R   rate. Defaults to 0.5.", 0.5),
        ("  --lr R   rate, 0.05 by default", 0.05),
        ("  --lr R   rate (0.05 default)", 0.05),
        ("  --lr R   rate (type: float, default: 0.2)", 0.2),
        ("  --lr R   rate [0.1]", 0.1),
        ("  --lr=R (=0.3)  rate", 0.3),
        ("  --lr R   the default value is .25", 0.25),
        ("  --lr R   by default the rate is found by itself", MISSING),
        ("  --lr R   rate (default: None)", None),
        ("  --opt NAME   one (default: 'sgd')", "sgd"),
        ("  --opt NAME   the default optimizer", MISSING),
        ("  --n N   a number (default: 2^10)", 1024.0),
    ],
)
def test_a_default_is_found_however_it_is_told(line: str, default: object) -> None:
    assert one(line).default == default


@pytest.mark.parametrize(
    ("line", "choices"),
    [
        ("  --opt {adam,sgd}", ("adam", "sgd")),
        ("  --opt <adam|sgd>   which", ("adam", "sgd")),
        ("  --norm {batch,none}", ("batch", "none")),
        (
            "  --norm NAME   how: [instance | batch | none] (default batch)",
            ("instance", "batch", "none"),
        ),
        ("  --opt adam|sgd   which", ("adam", "sgd")),
        ("  --opt NAME   one of: adam, sgd or rmsprop", ("adam", "sgd", "rmsprop")),
        ("  --opt NAME   one of 'adam', 'sgd'.", ("adam", "sgd")),
        ("  --opt NAME   either adam or sgd", ("adam", "sgd")),
        ("  --opt NAME   (adam, sgd, default: adam)", ("adam", "sgd")),
        ("  --opt NAME   adam/sgd/lion (default sgd)", ("adam", "sgd", "lion")),
        ("  --opt NAME   use this or that optimizer (default adam)", ()),
        ("  --size {16,32,64}   units", (16, 32, 64)),
        ("  --opt STRING  [possible values: adam, sgd]", ("adam", "sgd")),
        ("  --kernel K  [choices: linear, rbf] (default: rbf)", ("linear", "rbf")),
    ],
)
def test_choices_are_found_however_they_are_told(line: str, choices: tuple[object, ...]) -> None:
    found = one(line)
    assert found.choices == choices
    assert (found.kind is Kind.CHOICE) == bool(choices)


@pytest.mark.parametrize(
    ("line", "kind", "default"),
    [
        ("  --hidden=NUM   units (default 16)", Kind.INTEGER, 16),
        ("  --hidden NUMBER   units (default 16)", Kind.INTEGER, 16),
        ("  --rate=NUM   step (default 0.01)", Kind.FLOAT, 0.01),
        ("  --rate=FLOAT   step (default 1)", Kind.FLOAT, 1.0),
        ("  --rate=NUM   step", Kind.FLOAT, MISSING),
    ],
)
def test_a_number_is_a_count_where_its_default_is_one(
    line: str, kind: Kind, default: object
) -> None:
    found = one(line)
    assert (found.kind, found.default) == (kind, default)


@pytest.mark.parametrize(
    ("line", "bounds"),
    [
        ("  --p F   [0<=x<=1]", (0, 1, False, False)),
        ("  --p F   [0<x<1]", (0, 1, True, True)),
        ("  --p F   a share in [0, 1)", (0, 1, False, True)),
        ("  --p F   between 0.1 and 0.9 (default 0.5)", (0.1, 0.9, False, False)),
        ("  --p F   [default: 3; x>=1]", (1, None, False, False)),
        ("  --p F   from 1 to 8", (1, 8, False, False)),
        ("  -d N   layers, 1 to 8 [3]", (1, 8, False, False)),
        ("  -d N   waits for 1 to 8 seconds", (None, None, False, False)),
        ("  --p F   the betas (default: (0.9, 0.999))", (None, None, False, False)),
        ("  --p F   a rate", (None, None, False, False)),
    ],
)
def test_bounds_are_found_however_they_are_told(line: str, bounds: tuple[object, ...]) -> None:
    found = one(line)
    assert (found.low, found.high, found.low_open, found.high_open) == bounds


def test_a_truth_value_that_is_written_as_a_word_is_a_choice_of_two_words() -> None:
    found = one("  --bias BIAS   use a bias (default: True)")
    assert (found.kind, found.choices, found.default) == (Kind.CHOICE, ("True", "False"), "True")


def test_a_usage_line_for_each_form_is_one_of_the_same_program() -> None:
    text = "Usage: t [SHORT-OPTION]... [FILE]...\n  or:  t LONG-OPTION\n\n  -n N  count\n"
    assert [one.names for one in parse_help(text).options] == [("-n",), ("FILE",)]


def test_subcommands_are_told() -> None:
    click = "Usage: t [OPTIONS] COMMAND\n\nCommands:\n  eval   Test.\n  train  Train it.\n"
    argparse = "usage: t [-h] {fit,eval} ...\n\npositional arguments:\n  {fit,eval}\n    fit  x\n"
    assert parse_help(click).commands == ("eval", "train")
    assert parse_help(argparse).commands == ("fit", "eval")


def test_a_line_of_a_description_that_begins_with_a_dash_is_no_option() -> None:
    text = f"options:\n  --lr LR      the rate, see\n{' ' * 15}--warmup for more\n"
    assert [one.names for one in parse_help(text).options] == [("--lr",)]


def test_colours_boxes_and_overstriking_are_seen_through() -> None:
    text = "\x1b[1mOptions:\x1b[0m\r\n  \x1b[36m-\x08--\x08-lr\x1b[0m LR  rate (default: 0.1)\r\n"
    assert [told(one) for one in parse_help(text).options] == ["--lr float 0.1"]


PARTS = [
    *("--", "-", "--lr", "-x", "a", "sgd", "0.1", "(", ")", "[", "]", "{", "}", "<", ">", ",", "|"),
    *("/", "=", ":", "default", "or", "one of", "usage:", "Options:", "...", "1<=x<=3", "'", '"'),
    *("\n", "\n  ", "\t", " ", "  ", "\x1b[1m", "\u2502", "\x08", "\0", "\u00e9", "\ud800"),
]


@given(st.lists(st.sampled_from(PARTS), max_size=60))
def test_any_text_is_read_without_an_error(parts: list[str]) -> None:
    for option in parse_help("".join(parts)).options:
        assert option.names
        assert all(option.names)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "--a" * 100_000,
        "  --x  " + "(default: " * 20_000,
        "  --x  " + "a, " * 100_000,
        "  --x  " + "1" * 100_000,
        "  --x X  " + "a.b-c+d" * 500,
        "  --x X" + " [X" * 1000,
        "usage: p " + "[--a|" * 50_000,
        "usage:" * 100_000,
        " " * 500_000 + "-x",
        "\x1b[" * 100_000,
        "a\x08" * 100_000,
        "  --x  desc\n" * 100_000,
        "\n".join(f"  --x{n} D  default 3, one of a, b or c, in [0, 1] 0<=x" for n in range(9000)),
    ],
    ids=range(14),
)
def test_no_text_takes_long(text: str) -> None:
    begin = time.process_time()
    parse_help(text[:1_000_000])
    assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    ("usage", "first"),
    [
        ("Usage: svm-train [options] training_set_file [model_file]", True),
        ("Usage: train [-v] [-l RATE] FILE", True),
        ("usage: train --lr LR <data>", True),
        ("Usage: train [OPTION...] FILE", True),
        ("Usage of ./train:", True),
        ("Usage: train FILE [options]", False),
        ("Usage: train FILE [-l RATE]", False),
        ("Usage: train [options]", False),
        ("Usage: t [OPTIONS] COMMAND", False),
        ("", False),
    ],
)
def test_whether_options_stand_before_other_words_is_told(usage: str, first: bool) -> None:  # noqa: FBT001
    assert (
        parse_help(f"{usage}\n\n  -l RATE    learning rate (default 0.1)\n").options_first is first
    )
