# ruff: noqa: E501 - whole programs in one line
"""What is found in single constructs, and what is said of sources that cannot be read."""

import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from automl.discovery.option import MISSING, Found, Kind
from automl.discovery.source.reading import options_in_source

PROGRAMS = Path(__file__).parents[1] / "programs"
HEAD = "import argparse\nparser = argparse.ArgumentParser()\n"
END = "\nparser.parse_args()\n"


def read(folder: Path, text: str | bytes, command: str = "python train.py") -> Found:
    source = text if isinstance(text, bytes) else textwrap.dedent(text).encode()
    (folder / "train.py").write_bytes(source)
    found = options_in_source(command.split(), folder, {})
    assert found is not None
    return found


def argument(folder: Path, text: str, before: str = "") -> Found:
    return read(folder, f"{HEAD}{textwrap.dedent(before)}\nparser.add_argument({text}){END}")


@pytest.mark.parametrize(
    ("text", "kind", "default"),
    [
        ("'--x', type=float, default=1e-3", Kind.FLOAT, 1e-3),
        ("'--x', type=float, default='1e-3'", Kind.FLOAT, 1e-3),
        ("'--x', type=int, default=10 ** 3", Kind.INTEGER, 1000),
        ("'--x', type=int, default=1 << 4", Kind.INTEGER, 16),
        ("'--x', default=-0.5", Kind.FLOAT, -0.5),
        ("'--x', type=float, default=float('inf')", Kind.FLOAT, float("inf")),
        ("'--x', default=3", Kind.INTEGER, 3),
        ("'--x', default='a', help='how: [a | b | none]'", Kind.CHOICE, "a"),
        ("'--x', default='c', help='how: [a | b | none]'", Kind.TEXT, "c"),
        ("'--x', default='a', help='hyperparameters path'", Kind.PATH, "a"),
        ("'--x'", Kind.TEXT, None),
        ("'--x', default='a' + 'b'", Kind.TEXT, "ab"),
        ("'--x', default=os.path.join('a', 'b')", Kind.PATH, "a/b"),
        ("'--x', type=Path, default=Path('a') / 'b'", Kind.PATH, "a/b"),
        ("'--x', type=argparse.FileType('r')", Kind.PATH, None),
        ("'--x', default=os.environ.get('X', 3)", Kind.INTEGER, 3),
        ("'--x', type=int, default=os.environ.get('X', '3')", Kind.INTEGER, 3),
        ("'--x', type=int, default=int(os.getenv('X', 3))", Kind.INTEGER, 3),
        ("'--x', type=float, default=LR", Kind.FLOAT, 0.5),
        ("'--x', type=float, default=Config.lr", Kind.FLOAT, 0.25),
        ("'--x', type=float, default=Config().lr", Kind.FLOAT, 0.25),
        ("'--x', type=float, default=CONFIG['lr']", Kind.FLOAT, 0.75),
        ("'--x', type=str, default=Color.RED.value", Kind.TEXT, "red"),
        ("'--x', type=Color, choices=list(Color), default=Color.RED", Kind.CHOICE, "red"),
        ("'--x', type=float, default=0.1 if True else 0.2", Kind.FLOAT, 0.1),
        ("'--x', type=lambda s: int(s), default=2", Kind.INTEGER, 2),
        ("'--x', type=lambda s: s.split(','), default=None", Kind.TEXT, None),
        ("'--x', type=partial(between, high=9), default=2", Kind.INTEGER, 2),
        ("'--x', type=eval, default=0.3", Kind.FLOAT, 0.3),
        ("*['--x', '-y'], **dict(type=int)", Kind.INTEGER, None),
        ("f'--{NAME}', type=int", Kind.INTEGER, None),
        ("'--' + NAME, type=int", Kind.INTEGER, None),
        ("'--%s' % NAME, type=int", Kind.INTEGER, None),
        ("'--{}'.format(NAME), type=int", Kind.INTEGER, None),
        ("'-x', '--x', type=int", Kind.INTEGER, None),
        ("'--x', action='store_true', default=True", Kind.FLAG, True),
        ("'--x', type=float, default=argparse.SUPPRESS", Kind.FLOAT, MISSING),
        ("'--x', type=float, default=math.sqrt(4)", Kind.FLOAT, 2.0),
        ("'--x', type=float, default=max(0.1, 0.2)", Kind.FLOAT, 0.2),
        ("'--x', default='cuda' if torch.cuda.is_available() else 'cpu'", Kind.TEXT, MISSING),
    ],
)
def test_one_argument(text: str, kind: Kind, default: object, tmp_path: Path) -> None:
    before = """
        import enum, math, os, torch
        from functools import partial
        from pathlib import Path
        LR, NAME, CONFIG = 0.5, "x", {"lr": 0.75}
        class Config:
            lr = 0.25
        class Color(enum.Enum):
            RED = "red"
        def between(text, low=1, high=3):
            value = int(text)
            if value < low or value > high:
                raise ValueError
            return value
    """
    found = argument(tmp_path, text, before)
    option = found.named("--x")
    assert option is not None, found
    assert (option.kind, option.default) == (kind, default)


@pytest.mark.parametrize(
    ("check", "bounds"),
    [
        ("if not 0 <= v <= 1: raise E", (0, 1, False, False)),
        ("if not 0 < v < 1: raise E", (0, 1, True, True)),
        ("if v < 2 or v > 8: raise E", (2, 8, False, False)),
        ("if v <= 2: raise E", (2, None, True, False)),
        ("if 2 >= v: raise E", (2, None, True, False)),
        ("if float(s) >= 5: raise E", (None, 5, False, True)),
        ("assert 1 <= v and v <= LIMIT", (1, 7, False, False)),
        ("if not (v > 0 and v < 4): raise E", (0, 4, True, True)),
        ("if len(s) > 3: raise E", (None, None, False, False)),
        ("if v > 5: v = 5", (None, None, False, False)),
    ],
)
def test_bounds_that_a_type_function_checks(
    check: str, bounds: tuple[object, ...], tmp_path: Path
) -> None:
    before = f"""
        LIMIT = 7
        def rate(s):
            v = float(s)
            {check}
            return v
    """
    option = argument(tmp_path, "'--x', type=rate", before).named("--x")
    assert option is not None
    assert (option.low, option.high, option.low_open, option.high_open) == bounds


@pytest.mark.parametrize(
    "body",
    [
        "def make():\n    p = argparse.ArgumentParser()\n    p.add_argument('--x', type=int)\n    return p\nmake().parse_args()",
        "def add(p):\n    p.add_argument('--x', type=int)\nparser = argparse.ArgumentParser()\nadd(parser)\nparser.parse_args()",
        "parser = argparse.ArgumentParser()\nfor name in ['w', 'x']:\n    parser.add_argument('--' + name, type=int)\nparser.parse_args()",
        "parser = argparse.ArgumentParser()\n[parser.add_argument(f'--{n}', type=t) for n, t in {'x': int}.items()]\nparser.parse_args()",
        "parser = argparse.ArgumentParser()\nadd = parser.add_argument\nadd('--x', type=int)\nparser.parse_args()",
        "parser = argparse.ArgumentParser()\nOPTS = [(('--x',), dict(type=int))]\nfor a, k in OPTS:\n    parser.add_argument(*a, **k)\nparser.parse_args()",
        "class A(argparse.ArgumentParser):\n    def __init__(self):\n        super().__init__()\n        self.add_argument('--x', type=int)\nA().parse_args()",
        "class A(argparse.ArgumentParser):\n    def __init__(self):\n        super(A, self).__init__()\n        self.add_argument('--x', type=int)\nA().parse_args()",
        "class A:\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--x', type=int)\nA.parser.parse_args()",
        "class A:\n    @staticmethod\n    def add(p):\n        p.add_argument('--x', type=int)\n        return p\nA.add(argparse.ArgumentParser()).parse_args()",
        "class A:\n    @classmethod\n    def make(cls):\n        p = argparse.ArgumentParser()\n        p.add_argument('--x', type=int)\n        return p\nA.make().parse_args()",
        "try:\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--x', type=int)\nexcept ImportError:\n    pass\nparser.parse_args()",
        "with open('x') as f:\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--x', type=int)\n    parser.parse_args()",
        "def unknown_caller():\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--x', type=int)\n    return parser.parse_args()",
        "import sys\nif sys.argv[1:]:\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--x', type=int)\n    parser.parse_args()",
        "async def main():\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--x', type=int)\n    parser.parse_args()\nimport asyncio\nasyncio.run(main())",
        "def deco(f):\n    def inner(*a):\n        return f(*a)\n    return inner\n@deco\ndef main():\n    p = argparse.ArgumentParser()\n    p.add_argument('--x', type=int)\n    p.parse_args()\nmain()",
        "from argparse import *\np = ArgumentParser()\np.add_argument('--x', type=int)\np.parse_args()",
        "import importlib\na = importlib.import_module('argparse')\np = a.ArgumentParser()\np.add_argument('--x', type=int)\np.parse_args()",
        "i = 0\nparser = argparse.ArgumentParser()\nwhile i < 2:\n    parser.add_argument(f'--{\"wx\"[i]}', type=int)\n    i += 1\nparser.parse_args()",
        "def parsers():\n    p = argparse.ArgumentParser()\n    yield p\nfor p in parsers():\n    p.add_argument('--x', type=int)\n    p.parse_args()",
        "match 3:\n    case 3:\n        p = argparse.ArgumentParser()\np.add_argument('--x', type=int)\np.parse_args()",
    ],
)
def test_where_an_argument_may_be_added(body: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"import argparse\n{body}\n")
    option = found.named("--x")
    assert option is not None, found
    assert option.kind is Kind.INTEGER
    assert found.library == "argparse"


def test_what_set_defaults_and_pairs_of_flags_say(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        HEAD
        + "parser.set_defaults(amp=True, lr=0.5)\n"
        + "parser.add_argument('--lr', type=float)\n"
        + "parser.add_argument('--amp', action='store_true')\n"
        + "parser.add_argument('--no-amp', dest='amp', action='store_false')\n"
        + "parser.add_argument('--size', type=int, default=3)\n"
        + "parser.set_defaults(size=4)"
        + END,
    )
    told = {one.names[0]: (one.default, one.negative) for one in found.options}
    assert told == {"--lr": (0.5, None), "--amp": (True, "--no-amp"), "--size": (4, None)}


def test_an_unknown_name_is_a_doubt_with_its_line(tmp_path: Path) -> None:
    text = "import yaml\nfor name in yaml.safe_load(open('c.yaml')):\n    parser.add_argument('--' + name)\n"
    found = read(tmp_path, HEAD + text + "parser.add_argument('--x', type=int)" + END)
    assert [one.names for one in found.options] == [("--x",)]
    assert len(found.doubts) == 1
    assert "train.py:5" in found.doubts[0]


def test_a_parser_that_is_handed_to_a_library_is_a_doubt(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "import deepspeed\n" + HEAD + "parser = deepspeed.add_config_arguments(parser)" + END,
    )
    assert any("deepspeed.add_config_arguments" in doubt for doubt in found.doubts)


SYNTAX = {
    b"print 'a'\n": "Python 2",
    b"try:\n    pass\nexcept IOError, error:\n    pass\n": "Python 2",
    b"def f(:\n    pass\n": "no valid Python",
    b"x = 'a\n": "no valid Python",
    b"\x00": "no",
    b"x = '\xff'\n": "no valid Python",
    "x = 'ä'\n".encode("utf-16"): "no",
    b"# coding: nonsense\nx = 1\n": "no valid Python",
    b"(" * 5000: "no",
    b"x = " + b"+".join([b"1"] * 5000): "no Python source",
    b"-" * 100_000 + b"1": "no",
    b"#" * 3_000_000: "too large",
    b"": "no options were found",
    b"import hydra\n": "hydra",
    b"import sys\nlr = float(sys.argv[1])\n": "sys.argv",
}


@pytest.mark.parametrize("text", list(SYNTAX), ids=[str(i) for i in range(len(SYNTAX))])
def test_a_source_that_cannot_be_read_is_a_doubt_in_words(text: bytes, tmp_path: Path) -> None:
    found = read(tmp_path, text)
    assert found.options == ()
    assert any(SYNTAX[text] in doubt for doubt in found.doubts), found.doubts


def test_other_encodings_are_read(tmp_path: Path) -> None:
    text = f"# coding: latin-1\n{HEAD}parser.add_argument('--x', default='\xe4'){END}"
    option = read(tmp_path, text.encode("latin-1")).named("--x")
    assert option is not None
    assert option.default == "\xe4"
    assert read(tmp_path, b"\xef\xbb\xbf" + (HEAD + END).encode()).library == "argparse"


HOSTILE = {
    "recursion": "def f():\n    f()\n    f()\nf()\n",
    "mutual": "def f(x):\n    return g(x) + g(x)\ndef g(x):\n    return f(x) + f(x)\nf(1)\n",
    "power": "x = 2 ** 2 ** 2 ** 2 ** 2 ** 10\n",
    "list": "x = [0] * 10 ** 10\n",
    "text": "x = 'a' * 10 ** 10\ny = '%999999999d' % 1\nz = f'{1:999999999}'\nw = '{:{}}'.format(1, 10**9)\n",
    "doubling": "s = 'ab'\nl = [1]\nfor i in range(400):\n    s = s + s\n    l = l + l\n    l.extend(l)\n",
    "range": "for i in range(10 ** 12):\n    pass\nx = list(range(10 ** 12))\n",
    "loops": "for a in range(999):\n  for b in range(999):\n    for c in range(999):\n      pass\n",
    "while": "while True:\n    pass\n",
    "number": "x = int('9' * 100000)\n",
    "class": "class A(A): pass\nclass B:\n    pass\nB.b = B\nB()\n",
    "bases": "class A: pass\nfor i in range(500):\n    class A(A): pass\nA().x\n",
    "property": "class A:\n    @property\n    def x(self):\n        return self.x\nA().x\n",
    "dict": "d = {}\nd['d'] = d\nx = d == d\nfor k in d.items(): d[str(k)] = 1\n",
    "list in itself": "l = []\nl.append(l)\nx = l == l\ny = str(l)\nz = f'{l}'\nw = l + l\n",
    "decorators": "@undefined(1)\n@other.thing\ndef f(): pass\nf()\n",
    "unpacking": "a, *b, c = range(2)\n(d, e), f = 1\n",
    "division": "x = 1 / 0\ny = 'a' + 1\nz = [][3]\nw = {}['a']\n",
    "deep": "x = " + "[" * 90 + "]" * 90 + "\n",
    "sum": "x = " + " + ".join(["1"] * 900) + "\n",
    "self import": "import train\nfrom train import x\nfrom . import train\nfrom .. import y\n",
    "fields": "import dataclasses\n@dataclasses.dataclass\nclass A:\n    a: 'A' = None\n    b: 'x y' = 3\nimport tyro\ntyro.cli(A)\n",
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_source_that_would_take_for_ever_is_read_in_bounds(name: str, tmp_path: Path) -> None:
    begun = time.process_time()
    option = argument(tmp_path, "'--x', type=int", "\n" + HOSTILE[name]).named("--x")
    assert time.process_time() - begun < 20  # generous: it is bounded by steps
    assert option is not None


def test_a_source_of_20000_lines(tmp_path: Path) -> None:
    lines = "\n".join(
        f"def f{n}(x):\n    if x:\n        return f{n - 1}(x)\n    return {n}"
        for n in range(1, 5000)
    )
    found = read(tmp_path, f"{lines}\n{HEAD}parser.add_argument('--x', type=int){END}")
    assert [one.names for one in found.options] == [("--x",)]
    assert found.doubts == ()


def test_a_module_that_does_much_does_not_keep_the_rest_from_being_read(tmp_path: Path) -> None:
    work = "def w(n):\n    for i in range(900):\n        w2(n)\ndef w2(n):\n    return [i for i in range(900)]\nw(1)\n"
    for n in range(6):
        (tmp_path / f"heavy{n}.py").write_text(work)
    imports = "".join(f"import heavy{n}\n" for n in range(6))
    found = read(tmp_path, f"{imports}{HEAD}parser.add_argument('--x', type=int){END}")
    assert [one.names for one in found.options] == [("--x",)]


def test_a_module_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text("print 'a'\n")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    found = read(
        tmp_path,
        f"import old, gone\n{HEAD}parser.add_argument('--x', type=int, default=old.X){END}",
    )
    assert found.named("--x") is not None
    assert any("old.py:1" in doubt for doubt in found.doubts)


def test_nothing_is_run_and_nothing_written(tmp_path: Path) -> None:
    text = "open('written', 'w').write('x')\nimport os\nos.system('touch made')\nos.mkdir('dir')\n"
    read(tmp_path, text + HEAD + END)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["train.py"]


def test_a_file_that_vanishes(tmp_path: Path) -> None:
    found = options_in_source(["python", "train.py"], tmp_path, {})
    assert found is not None
    assert "train.py is no file" in found.doubts[0]


def test_no_python_program() -> None:
    assert options_in_source(["./train.sh"], Path("/"), {}) is None


SOURCES = [
    path.read_text("utf-8").splitlines(keepends=True)
    for path in sorted(PROGRAMS.rglob("*.py"))
    if path.stat().st_size > 200
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return a program with some of its lines moved, cut, doubled or taken from another."""
    lines = list(draw(st.sampled_from(SOURCES)))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, max(0, len(lines) - 1)))
        kind = draw(st.sampled_from(["drop", "double", "move", "cut", "other", "word"]))
        line = lines[at] if lines else ""
        if kind == "drop":
            del lines[at : at + 1]
        elif kind == "double":
            lines.insert(at, line)
        elif kind == "move":
            lines.insert(draw(st.integers(0, len(lines))), line)
        elif kind == "cut":
            lines[at : at + 1] = [line[: draw(st.integers(0, len(line)))] + "\n"]
        elif kind == "other":
            lines.insert(at, draw(st.sampled_from(draw(st.sampled_from(SOURCES)))))
        else:
            words = line.split(" ")
            words[draw(st.integers(0, len(words) - 1))] = draw(
                st.sampled_from(
                    ["None", "*x", "**{}", "()", "self", "0.1", "[]", "lambda: x", "..."]
                )
            )
            lines[at : at + 1] = [" ".join(words)]
    return "".join(lines)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=mutated())
@example(text="import click\n@click.command()\n@click.option(*x)\ndef f(): pass\nf()\n")
@example(text="import tyro\ntyro.cli()\n")
@example(text="import fire\nfire.Fire()\n")
@example(text="import typer\ntyper.run(3)\ntyper.Typer().command()(1)()\n")
@example(text="from absl import flags\nflags.DEFINE_bool()\nflags.DEFINE_enum('a')\n")
@example(text="import argparse\nargparse.ArgumentParser(parents=3).add_argument(choices=1)\n")
@example(text="import getopt, docopt\ngetopt.getopt()\ndocopt.docopt()\n")
def test_a_mutated_source_never_raises(text: str, tmp_path: Path) -> None:
    found = read(tmp_path, text.encode("utf-8", errors="replace"))
    assert all(isinstance(doubt, str) and doubt for doubt in found.doubts)


@pytest.mark.parametrize(
    ("text", "stands_for"),
    [
        ("'-e', dest='epochs', type=int", "epochs"),
        ("'-e', metavar='EPOCHS', type=int", "EPOCHS"),
        ("'-e', type=int", ""),
        ("'--epochs', '-e', dest='n', type=int", "n"),
    ],
)
def test_what_a_value_stands_for(text: str, stands_for: str, tmp_path: Path) -> None:
    assert [one.stands_for for one in argument(tmp_path, text).options] == [stands_for]


def test_what_a_value_of_click_stands_for(tmp_path: Path) -> None:
    text = "import click\n@click.command()\n@click.option('-e', 'epochs', default=3)\ndef f(): pass\nf()\n"
    assert [one.stands_for for one in read(tmp_path, text).options] == ["epochs"]
