import pytest

from automl.discovery.given import with_given
from automl.discovery.option import Kind, Option

OPTIONS = (
    Option(("--learning-rate", "-l"), Kind.FLOAT),
    Option(("--layers",), Kind.INTEGER, many=True),
    Option(("--amp", "-a"), Kind.FLAG, negative="--no-amp"),
    Option(("-v",), Kind.FLAG),
    Option(("-single", "-s"), Kind.TEXT),
    Option(("data",), Kind.PATH, positional=True),
    Option(("more",), Kind.TEXT, positional=True, many=True),
    Option(("size",), Kind.INTEGER, joined=True),
    Option(("--deep",), Kind.INTEGER, subcommand="fit"),
)


def given(*words: str) -> dict[str, tuple[str, ...]]:
    found = with_given(OPTIONS, words)
    return {one.names[0]: one.given for one in found if one.given is not None}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--learning-rate 0.1", {"--learning-rate": ("0.1",)}),
        ("--learning-rate=0.1", {"--learning-rate": ("0.1",)}),
        ("--learn 0.1", {"--learning-rate": ("0.1",)}),
        ("--l 0.1", {"data": ("0.1",)}),  # two options begin so
        ("-l 0.1", {"--learning-rate": ("0.1",)}),
        ("-l0.1", {"--learning-rate": ("0.1",)}),
        ("-val0.1", {"-v": (), "--amp": (), "--learning-rate": ("0.1",)}),
        ("-l -1e-3", {"--learning-rate": ("-1e-3",)}),
        ("--layers 1 2 --amp", {"--layers": ("1", "2"), "--amp": ()}),
        ("--layers 1 --layers 2", {"--layers": ("1", "2")}),
        ("--no-amp", {"--amp": ("--no-amp",)}),
        ("-single x", {"-single": ("x",)}),
        ("a b c", {"data": ("a",), "more": ("b", "c")}),
        ("-- -l -v", {"data": ("-l",), "more": ("-v",)}),
        ("-", {"data": ("-",)}),
        ("size=3", {"size": ("3",)}),
        ("fit --deep 3", {"--deep": ("3",)}),
        ("--learning-rate", {"--learning-rate": ()}),
        ("--learning-rate={{ trial.param.lr }}", {"--learning-rate": ("{{ trial.param.lr }}",)}),
        ("--unknown 3", {"data": ("3",)}),
        ("-x3", {}),
        ("", {}),
    ],
)
def test_what_a_command_gives(words: str, expected: dict[str, tuple[str, ...]]) -> None:
    split = [words] if "{{" in words else words.split()
    assert given(*split) == expected
