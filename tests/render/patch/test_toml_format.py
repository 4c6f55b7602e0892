import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.patcher import Patcher
from automl.render.patch.patching import patch
from automl.render.patch.toml_format import TomlFormat
from automl.testing import FORMAT_CHECKS, FormatSample

TEXT = """# how it is trained
name = "adam" # or sgd
on = true

[optimizer]
lr = 1e-5

[[layers]]
size = 64
[[layers]]
size = 128 # wide
"""


def toml_of_paths(text: str) -> Mapping[str, Any]:
    whole = tomllib.loads(text)
    return {
        "name": whole["name"],
        "on": whole["on"],
        "optimizer.lr": whole["optimizer"]["lr"],
        "layers[0].size": whole["layers"][0]["size"],
        "layers[1].size": whole["layers"][1]["size"],
    }


@pytest.mark.parametrize("check", FORMAT_CHECKS)
def test_toml_keeps_the_contract(check: Callable[[Patcher, FormatSample], None]) -> None:
    values = (7, 0.5, True, "a b", "7", [1, "x"], -1e300, {"a": 1}, 'it\'s "q"\n')
    sample = FormatSample(text=TEXT, read=toml_of_paths, values=values, missing="optimizer.new")
    check(TomlFormat(), sample)


keys = st.text(max_size=4).filter(lambda key: not {"'", '"'} <= set(key))
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)
plain = st.booleans() | numbers | st.text(max_size=6)
values = plain | st.lists(plain, max_size=3)


@settings(max_examples=40, deadline=None)
@given(
    document=st.dictionaries(keys, st.dictionaries(keys, values) | values, min_size=1, max_size=3),
    value=values,
    data=st.data(),
)
def test_one_change_is_one_value(document: dict[str, Any], value: Any, data: st.DataObject) -> None:
    text = tomlkit.dumps(document)
    key = data.draw(st.sampled_from(sorted(document)))
    inner = document[key] if isinstance(document[key], dict) else {}
    steps = (key, data.draw(st.sampled_from(sorted(inner)))) if inner else (key,)
    if not inner and isinstance(document[key], dict):
        return
    expected = tomllib.loads(text)
    around = expected[key] if inner else expected
    around[steps[-1]] = value
    found = tomllib.loads(patch(TomlFormat(), text, {path_text(steps): value}))
    assert repr(found) == repr(expected)


@pytest.mark.parametrize(
    ("text", "path", "value", "expected"),
    [
        ("a = 1_000 # c\n", "a", 2, "a = 2 # c\n"),
        ("a = 0xFF\r\nb = 1\r\n", "a", 1e-05, "a = 0.00001\r\nb = 1\r\n"),
        ("a = 1\n", "a", "1", 'a = "1"\n'),
        ("a = '1'\n", "a", "2", "a = '2'\n"),
        ("a = '1'\n", "a", "it's", 'a = "it\'s"\n'),
        ('a = """\none\ntwo"""\n', "a", "1\n2", 'a = """\n1\n2"""\n'),
        ('a = """x"""\n', "a", "y", 'a = """y"""\n'),
        ("a = 2024-01-01\n", "a", "2025-02-03", "a = 2025-02-03\n"),
        ("a = 2024-01-01T00:00:00Z\n", "a", "2025-02-03", 'a = "2025-02-03"\n'),
        ("a = 07:00:00\n", "a", "noon", 'a = "noon"\n'),
        (
            "a = { b = 1, c = 2 } # d\n",
            "a.c",
            [1, {"x": "y"}],
            'a = { b = 1, c = [1, { x = "y" }] } # d\n',
        ),
        ("a = [\n  1, # one\n  2,\n]\n", "a[0]", 3, "a = [\n  3, # one\n  2,\n]\n"),
        ("[[p]]\nn = 1\n[[p]]\nn = 2\n", "p[-1].n", 5, "[[p]]\nn = 1\n[[p]]\nn = 5\n"),
        ("[[p]]\nn = 1\n[[p]]\nn = 2\n", "p[n=1].n", 5, "[[p]]\nn = 5\n[[p]]\nn = 2\n"),
        ("a.b.c = 1\na.d = 2\n", "a.b.c", 5, "a.b.c = 5\na.d = 2\n"),
        ("[a.b]\nx = 1\n[c]\n[a.d]\nx = 1\n", "a.d.x", 5, "[a.b]\nx = 1\n[c]\n[a.d]\nx = 5\n"),
        ("a = nan\nb = 1\n", "b", 2, "a = nan\nb = 2\n"),
        ("\ufeffa = 1\n", "a", 2, "\ufeffa = 2\n"),
    ],
)
def test_one_value_is_changed(text: str, path: str, value: Any, expected: str) -> None:
    assert patch(TomlFormat(), text, {path: value}) == expected


@pytest.mark.parametrize(
    ("text", "path", "value", "told"),
    [
        ("[a]\nlr = 1\n", "a.Lr", 1, "it has no 'a.Lr'; the nearest: a.lr"),
        ("a = 1\n", "a", None, "'a': TOML has no null; leave the key out"),
        ("a = 1\n", "a", [None], "TOML has no null"),
        ("[a]\nb = 1\n", "a", {"b": 2}, "'a' is a table with lines of its own; set the values"),
        ("[[a]]\nb = 1\n", "a", [], "'a' is a table with lines of its own"),
        ("a = 1\na = 2\n", "a", 3, "it is no TOML: Cannot overwrite a value \\(at line 2"),
        ("a = \n", "a", 3, "it is no TOML: Invalid value \\(at line 1, column 5\\)"),
    ],
)
def test_what_toml_cannot_keep_is_refused(text: str, path: str, value: Any, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        patch(TomlFormat(), text, {path: value})


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "a", {"a": 5}),
        ("x = 1", "a", {"x": 1, "a": 5}),
        ("x = 1\n[t]\ny = 1\n", "a", {"x": 1, "a": 5, "t": {"y": 1}}),
        ("[t]\ny = 1\n[t.u]\nz = 1\n", "t.a", {"t": {"y": 1, "a": 5, "u": {"z": 1}}}),
        ("[t]\n", "q.r.s", {"t": {}, "q": {"r": {"s": 5}}}),
        ("t = {}\n", "t.a", {"t": {"a": 5}}),
        ("l = [1,\n 2]\n", "l[2]", {"l": [1, 2, 5]}),
        ("[[l]]\nx = 1\n", "l[0].y", {"l": [{"x": 1, "y": 5}]}),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_missing_is_added(text: str, path: str, expected: dict[str, Any], end: str) -> None:
    patched = patch(TomlFormat(), text.replace("\n", end), {path: 5}, create=True)
    assert tomllib.loads(patched) == expected
    if end in text.replace("\n", end):
        assert patched.count("\n") == patched.count(end)


def test_a_further_table_of_an_array_with_lines_is_refused() -> None:
    with pytest.raises(SpecError, match=r"one more \[\[layers\]\]; write a first value"):
        patch(TomlFormat(), "[[layers]]\nn = 1\n", {"layers[1].n": 3}, create=True)
