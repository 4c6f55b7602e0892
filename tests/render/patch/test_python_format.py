from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.patcher import Patcher
from automl.render.patch.patching import patch
from automl.render.patch.python.python_format import PythonFormat
from automl.testing import FORMAT_CHECKS, FormatSample

TEXT = """# how it is trained
name = "adam"  # or sgd
lr = 1e-5

optimizer = dict(type='SGD', nesterov=True,
                 betas=[0.9, 0.99])


class Config:
    size: int = 64
"""


def values_of(text: str) -> Mapping[str, Any]:
    """Return what a program finds that imports the text."""
    found: dict[str, Any] = {"__name__": "config"}
    exec(text, found)  # noqa: S102 - what the tests wrote
    return {
        "name": found["name"],
        "lr": found["lr"],
        "optimizer.type": found["optimizer"]["type"],
        "optimizer.nesterov": found["optimizer"]["nesterov"],
        "optimizer.betas[1]": found["optimizer"]["betas"][1],
        "Config.size": found["Config"].size,
    }


@pytest.mark.parametrize("check", FORMAT_CHECKS)
def test_python_keeps_the_contract(check: Callable[[Patcher, FormatSample], None]) -> None:
    values = (7, 0.5, True, "a b", "7", None, [1, "x"], -1e300, {"a": 1}, 'it\'s "q"\n')
    sample = FormatSample(text=TEXT, read=values_of, values=values, missing="optimizer.new")
    check(PythonFormat(), sample)


numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
plain = st.none() | st.booleans() | numbers | st.text(max_size=6)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
NAMES = ("a", "größe", "_b")


@settings(max_examples=40, deadline=None)
@given(
    document=st.dictionaries(st.sampled_from(NAMES), values, min_size=1),
    name=st.sampled_from(NAMES),
    value=values,
)
def test_one_change_is_one_value(document: dict[str, Any], name: str, value: Any) -> None:
    text = "".join(f"{key} = {one!r}  # é\n" for key, one in document.items())
    found: dict[str, Any] = {}
    exec(patch(PythonFormat(), text, {path_text([name]): value}, create=True), found)  # noqa: S102
    del found["__builtins__"]
    assert repr(found) == repr({**document, name: value})


@pytest.mark.parametrize(
    ("text", "path", "value", "expected"),
    [
        ("lr = 6e-4 # max\n", "lr", 1e-05, "lr = 1e-05 # max\n"),
        ("lr: float = -1\n", "lr", 2, "lr: float = 2\n"),
        ("lr = 1\nlr = 2\n", "lr", 3, "lr = 1\nlr = 3\n"),
        ("lr = base * 2\n", "lr", 3, "lr = 3\n"),
        ("é = 'ü'; lr = 1 # ß\n", "lr", 2, "é = 'ü'; lr = 2 # ß\n"),
        ('a = "x"\n', "a", "y", 'a = "y"\n'),
        ("a = 'x'\n", "a", 'say "y"', "a = 'say \"y\"'\n"),
        ("a = (1, 2)\n", "a", [3], "a = (3,)\n"),
        ("a = 1, 2\n", "a[1]", 5, "a = 1, 5\n"),
        ("a = dict(b=1)\n", "a", {"c": [1]}, "a = dict(c=[1])\n"),
        ("a = dict(b=1)\n", "a", {"c d": 1}, "a = {'c d': 1}\n"),
        ("a = {'b': {'c': 1}}\n", "a.b.c", None, "a = {'b': {'c': None}}\n"),
        ("a = {1: 'x'}\n", "a.1", "y", "a = {1: 'y'}\n"),
        ("a = Adam(lr=0.1)\n", "a.lr", 1, "a = Adam(lr=1)\n"),
        ("a = [dict(b=1), dict(b=2)]\n", "a[b=2].b", 3, "a = [dict(b=1), dict(b=3)]\n"),
        ("a, b = 1, 2\n", "b", 3, "a, b = 1, 3\n"),
        ("c.lr = 1\nc.m.n = 2\n", "c.m.n", 3, "c.lr = 1\nc.m.n = 3\n"),
        ("c['lr'] = 1\n", "c.lr", 3, "c['lr'] = 3\n"),
        ("c = {'a': 1}\nc['a'] = 2\n", "c.a", 3, "c = {'a': 1}\nc['a'] = 3\n"),
        (
            "class A:\n    class B:\n        c = 1\n",
            "A.B.c",
            3,
            "class A:\n    class B:\n        c = 3\n",
        ),
        ("x += 1\nx = 2\n", "x", 3, "x += 1\nx = 3\n"),
        ("lr = 1\nprint([lr for lr in []])\n", "lr", 3, "lr = 3\nprint([lr for lr in []])\n"),
        ("def f():\n    lr = 2\nlr = 1\n", "lr", 3, "def f():\n    lr = 2\nlr = 3\n"),
        ("f = float('inf')\ng = 1\n", "g", 2, "f = float('inf')\ng = 2\n"),
        ("a = '\\d'\nb = 1\n", "b", 2, "a = '\\d'\nb = 2\n"),
        ("t = '''a\x0cb\u2028c'''\nb = 1\n", "b", 2, "t = '''a\x0cb\u2028c'''\nb = 2\n"),
    ],
)
def test_one_value_is_changed(text: str, path: str, value: Any, expected: str) -> None:
    assert patch(PythonFormat(), text, {path: value}) == expected


@pytest.mark.parametrize(
    ("text", "path", "told"),
    [
        ("lr = 1\n", "Lr", "it has no 'Lr'; the nearest: lr"),
        ("lr = 1\nlr *= 2\n", "lr", "'lr' is no plain assignment: line 2 changes it, too"),
        ("if x:\n    lr = 1\n", "lr", "'lr' is no plain assignment: line 2 changes it"),
        ("lr = 1\nfor lr, b in x:\n    pass\n", "lr", "line 2 changes it"),
        ("d = dict(a=1)\nd.update(b)\n", "d.a", "line 2 changes it"),
        ("d = dict(a=1)\nd[k] = 2\n", "d.a", "line 2 changes it"),
        ("a, *b = 1, 2\n", "a", "line 1 changes it"),
        ("a = b = 1\n", "a", "'b' would become another"),
        ("class A:\n    b = 1\n", "A", "'A' is no value; set the values in it"),
        ("a = 1\nb = \n", "a", "it is no Python: line 2, column 5: invalid syntax"),
        ("a = [*b, 1]\n", "a[1]", "it has no 'a\\[1\\]'"),
    ],
)
def test_what_would_not_count_is_refused(text: str, path: str, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        patch(PythonFormat(), text, {path: 3})


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "a", "a = 5\n"),
        ("x = 1\n\n\ndef f():\n    pass\n", "a", "x = 1\na = 5\n\n\ndef f():\n    pass\n"),
        ("import y", "a", "import y\na = 5"),
        ("d = {}\n", "d.a", "d = {'a': 5}\n"),
        ("d = {\n    'x': 1,  # one\n}\n", "d.a", "d = {\n    'x': 1,  # one\n    'a': 5,\n}\n"),
        ("d = dict(x=(1))\n", "d.a", "d = dict(x=(1), a=5)\n"),
        ("d = dict(\n    x=1)\n", "d.a", "d = dict(\n    x=1,\n    a=5)\n"),
        ("d = [1,]\n", "d[1]", "d = [1, 5,]\n"),
        ("d = Adam(p)\n", "d.a", None),
        (
            "class A:\n    x = 1\n\n    def f(self): ...\n",
            "A.a",
            "class A:\n    x = 1\n    a = 5\n\n    def f(self): ...\n",
        ),
        ("x = 1\n", "a.b", "x = 1\na = {'b': 5}\n"),
    ],
)
def test_what_is_missing_is_added(text: str, path: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(SpecError, match="it has no"):
            patch(PythonFormat(), text, {path: 5}, create=True)
    else:
        assert patch(PythonFormat(), text, {path: 5}, create=True) == expected


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("more = {'lr': 5}\nd = {'lr': 1, **more}\n", "d.lr"),
        ("d = {1: 2, '1': 3}\n", "d.1"),
        ("lr = 1\ny = (lr := 4)\n", "lr"),
        ("d = {'lr': 1}\ny = d.pop('lr')\n", "d.lr"),
        ("pi = 1\nfrom math import pi\n", "pi"),
        ("pi = 1\nfrom math import *\n", "pi"),
        ("pi = 1\nif 1:\n    from math import *\n", "pi"),
        ("math = 1\nimport math\n", "math"),
        ("lr = 1\ndef lr(): pass\n", "lr"),
        ("lr = 1\ndef f():\n    global lr\n    lr = 3\nf()\n", "lr"),
        ("x = [1, 2]\nx.sort(reverse=True)\n", "x[0]"),
        ("d = dict(lr=1)\nd.__setitem__('lr', 3)\n", "d.lr"),
        ("c = dict(lr=1)\nsetattr(c, 'lr', 7)\n", "c.lr"),
        ("lr = 1\nglobals().update(lr=3)\n", "lr"),
        ("lr = 1\nmatch 3:\n    case lr: pass\n", "lr"),
    ],
)
def test_a_value_that_something_else_sets_later_is_refused(text: str, path: str) -> None:
    with pytest.raises(SpecError, match=r"no plain assignment|cannot keep"):
        patch(PythonFormat(), text, {path: 9})


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("from math import *\npi = 1\n", "pi", "from math import *\npi = 9\n"),
        ("import os\ndef f(): pass\nlr = 1\n", "lr", "import os\ndef f(): pass\nlr = 9\n"),
        ("d = {**{'lr': 5}, 'lr': 1}\n", "d.lr", "d = {**{'lr': 5}, 'lr': 9}\n"),
        ("lr = 1\nglobals()['lr'] = 3\n", "lr", "lr = 1\nglobals()['lr'] = 9\n"),
        ("d = {'a': 1, 'a': 2}\n", "d.a", "d = {'a': 1, 'a': 9}\n"),
    ],
)
def test_what_sets_a_value_earlier_does_not_count(text: str, path: str, expected: str) -> None:
    assert patch(PythonFormat(), text, {path: 9}) == expected
