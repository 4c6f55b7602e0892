"""YAML with other values: what is written, what is kept, what is refused."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.render.patch.patcher import Patcher
from automl.render.patch.patching import patch
from automl.render.patch.yaml_format import YamlFormat
from automl.render.patch.yaml_nodes.writing import line_of
from automl.testing import FORMAT_CHECKS, FormatSample

YAML = YamlFormat()

TEXT = """# how to train
optimizer:
  name: adam  # or sgd
  lr: 1.0e-05
layers:
- size: 64
- {size: 128}
"on": true
"""


def of_paths(text: str) -> Mapping[str, Any]:
    whole = yaml.safe_load(text)
    return {
        "optimizer.name": whole["optimizer"]["name"],
        "optimizer.lr": whole["optimizer"]["lr"],
        "layers[0].size": whole["layers"][0]["size"],
        "layers[1].size": whole["layers"][1]["size"],
        "on": whole["on"],
    }


@pytest.mark.parametrize("check", FORMAT_CHECKS)
def test_yaml_keeps_the_contract(check: Callable[[Patcher, FormatSample], None]) -> None:
    values = (7, 0.5, True, "a b", "7", None, [1, "x"], -1e300, {"a": {"b": 1e-7}}, "yes", "a\nb")
    check(YAML, FormatSample(text=TEXT, read=of_paths, values=values, missing="optimizer.beta"))


WRITTEN: dict[str, tuple[Any, str]] = {
    "int": (3, "3"),
    "float": (3.0, "3.0"),
    "power": (1e-5, "1.0e-05"),
    "large power": (1e300, "1.0e+300"),
    "long power": (1.5e-7, "1.5e-07"),
    "infinite": (float("-inf"), "-.inf"),
    "not a number": (float("nan"), ".nan"),
    "truth": (False, "false"),
    "nothing": (None, "null"),
    "word": ("adam", "adam"),
    "words": ("a b/c", "a b/c"),
    "empty": ("", "''"),
    "looks like a number": ("5", "'5'"),
    "looks like a power": ("1e-5", "'1e-5'"),
    "octal of 1.2": ("0o17", "'0o17'"),
    "octal of 1.1": ("017", "'017'"),
    "time": ("12:30:00", "'12:30:00'"),
    "date": ("2020-01-01", "'2020-01-01'"),
    "underscore": ("1_000", "'1_000'"),
    "yes": ("yes", "'yes'"),
    "on": ("on", "'on'"),
    "y": ("y", "'y'"),
    "null": ("null", "'null'"),
    "tilde": ("~", "'~'"),
    "quote": ("don't", "'don''t'"),
    "comment": ("a #b", "'a #b'"),
    "key": ("a: b", "'a: b'"),
    "dash": ("-", "'-'"),
    "end of document": ("...", "'...'"),
    "alias": ("*a", "'*a'"),
    "merge": ("<<", "'<<'"),
    "lines": ("a\nb", '"a\\nb"'),
    "line of Unicode": ("a\u2028b", '"a\\U00002028b"'),
    "accent": ("größe", "größe"),
    "list": ([1, "a,b"], "[1, 'a,b']"),
    "dictionary": ({"a": [], "on": {}}, "{a: [], 'on': {}}"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_value_is_written_so_that_all_read_it_alike(name: str) -> None:
    value, written = WRITTEN[name]
    assert patch(YAML, "a: 0  # c\n", {"a": value}) == f"a: {written}  # c\n"
    assert repr(yaml.safe_load(f"a: {written}")["a"]) == repr(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(value=json_values)
def test_any_value_is_read_as_it_was(value: Any) -> None:
    line = line_of(value)
    whole = yaml.safe_load(f"a: {line}\nb: [1, {{c: {line}}}, {line}]\nd:\n- {line}\n")
    assert repr(whole) == repr({"a": value, "b": [1, {"c": value}, value], "d": [value]})


ALONE: dict[str, tuple[str, Mapping[str, Any], str]] = {
    "quotes of a text stay": ("a: 'x'\nb: \"5\"\n", {"a": "y", "b": "6"}, "a: 'y'\nb: \"6\"\n"),
    "a number has no quotes": ("a: '5'\n", {"a": 6}, "a: 6\n"),
    "block text": ("a: |  # h\n  x\n  y\n\nb: 1\n", {"a": 2}, "a: 2  # h\n\nb: 1\n"),
    "folded text": ("a: >-\n  x\n\n  y\nb: 1\n", {"a": "z"}, "a: z\nb: 1\n"),
    "text over lines": ("a: x\n  y # c\nb: 'p\n\n q'\n", {"a": 1, "b": "r"}, "a: 1 # c\nb: 'r'\n"),
    "lines to a value": ("a: # h\n  # i\n  b: 1 # j\n  # k\nc: 2\n", {"a": 3},
                         "a: 3 # h\n  # k\nc: 2\n"),
    "items to a value": ("a:\n- 1\n- b: 2\n  c: 3\nd: 4\n", {"a": [5]}, "a: [5]\nd: 4\n"),
    "item of lines": ("- a: 1\n  b: 2\n- - 3\n", {"[0]": 4, "[1]": {}}, "- 4\n- {}\n"),
    "value to lines": ("a: 1 # c\nb: 2\n", {"a": {"x": [1]}}, "a: {x: [1]} # c\nb: 2\n"),
    "empty": ("a:\nb:  # c\nc: {d: , e}\n-x: 1\n", {"a": 1, "b": 2, "c.d": 3, "c.e": 4},
              "a: 1\nb: 2  # c\nc: {d: 3 , e: 4}\n-x: 1\n"),
    "empty items": ("-\n- # c\n", {"[0]": 1, "[1]": 2}, "- 1\n- 2 # c\n"),
    "keys alone": ("? a\n? b\n", {"a": 1, "b": 2}, "? a\n: 1\n? b\n: 2\n"),
    "tag that fits": ("a: !!float 1e-3 # c\n", {"a": 2e-7}, "a: !!float 2.0e-07 # c\n"),
    "tag that does not": ("a: !!float 1e-3\nb: !x {c: 1}\n", {"a": 2, "b": 3}, "a: 2\nb: 3\n"),
    "tag around": ("a: !x\n  b: 1\n", {"a.b": 2}, "a: !x\n  b: 2\n"),
    "anchor stays": ("a: &x 1\nb: &y\n  c: 1\n", {"a": 2, "b": 3}, "a: &x 2\nb: &y 3\n"),
    "first document": ("a: 1\n---\na: 2\n", {"a": 3}, "a: 3\n---\na: 2\n"),
    "second document": ("a: 1\n---\na: 2\n", {"[1].a": 3}, "a: 1\n---\na: 3\n"),
    "all documents": ("a: 1\n---\na: 2\n", {"[*].a": 3}, "a: 3\n---\na: 3\n"),
    "documents of lists": ("- 1\n---\n- 2\n", {"[1][0]": 3}, "- 1\n---\n- 3\n"),
    "last of a key": ("a: 1\na: 2\n", {"a": 3}, "a: 1\na: 3\n"),
    "Windows": ("a:\r\n  b: 1\r\n  c: |\r\n    x\r\nd: 2\r\n", {"a.c": 3},
                "a:\r\n  b: 1\r\n  c: 3\r\nd: 2\r\n"),
    "odd keys": ("on: 1\n5: 2\na.b: 3\n'c d': 4\n", {"on": 0, "5": 0, "['a.b']": 0, "c d": 0},
                 "on: 0\n5: 0\na.b: 0\n'c d': 0\n"),
    "anchor defined twice": ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 3}, "a: &x 3\nb: &x 2\nc: *x\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", ALONE)
def test_all_but_the_value_stays(name: str) -> None:
    text, changes, expected = ALONE[name]
    assert patch(YAML, text, changes) == expected


MADE: dict[str, tuple[str, Mapping[str, Any], str]] = {
    "in lines": ("a:\n  b: 1 # c\n\n# d\n", {"a.e": 2}, "a:\n  b: 1 # c\n  e: 2\n\n# d\n"),
    "with what is around": ("a: 1", {"b.c.d": 2, "b.e": 3}, "a: 1\nb:\n  c:\n    d: 2\n  e: 3"),
    "wide": ("a:\n    b: 1\n", {"a.c.d": 2}, "a:\n    b: 1\n    c:\n        d: 2\n"),
    "in brackets": ("a: {b: 1}\nc: {}\nd: []\n", {"a.x": 1, "c.x": 2, "d[0]": 3},
                    "a: {b: 1, x: 1}\nc: {x: 2}\nd: [3]\n"),
    "bracket lines": ("{\n  a: 1, # c\n  b: 2 # d\n}\n", {"e": 3},
                      "{\n  a: 1, # c\n  b: 2, # d\n  e: 3\n}\n"),
    "comma at the end": ("[\n  1,\n  2,\n]\n", {"[2]": 3}, "[\n  1,\n  2,\n  3,\n]\n"),
    "in an item": ("a:\n- b: 1\n-   c: 2\n", {"a[0].x": 1, "a[1].x": 2},
                   "a:\n- b: 1\n  x: 1\n-   c: 2\n    x: 2\n"),
    "an item": ("a:\n  - 1\nb: 2\n", {"a[1]": 3}, "a:\n  - 1\n  - 3\nb: 2\n"),
    "an item of lines": ("- 1\n", {"[1].a": 1, "[1].b.c": 2}, "- 1\n- a: 1\n  b:\n    c: 2\n"),
    "below nothing": ("a:  # c\nb: ~\n", {"a.x": 1, "b[0]": 2}, "a: {x: 1}  # c\nb: [2]\n"),
    "in nothing": ("", {"a.b": 1}, "a:\n  b: 1\n"),
    "in comments": ("# c", {"a.b": 1}, "# c\na:\n  b: 1\n"),
    "in an empty document": ("---\n", {"a": 1}, "--- {a: 1}\n"),
    "behind a text": ("a:\n  b: |+\n    x\n\nc: 1\n", {"a.d": 2},
                      "a:\n  b: |+\n    x\n\n  d: 2\nc: 1\n"),
    "behind deep lines": ("a:\n  - - b: 1\n      c: 2\n", {"d": 3},
                          "a:\n  - - b: 1\n      c: 2\nd: 3\n"),
    "Windows": ("a:\r\n  b: 1\r\n", {"a.c": 2}, "a:\r\n  b: 1\r\n  c: 2\r\n"),
    "old Mac": ("a:\r  b: 1\r", {"a.c": 2}, "a:\r  b: 1\n  c: 2\r"),
    "byte order mark": ("\ufeffa: 1", {"b": 2}, "\ufeffa: 1\nb: 2"),
    "key that needs quotes": ("a: 1\n", {"on": 1, "5": 2}, "a: 1\n'on': 1\n'5': 2\n"),
    "below an anchor": ("a: &x\n  b: 1\n", {"a.c": 2}, "a: &x\n  b: 1\n  c: 2\n"),
    "second document": ("a: 1\n---\nb: 2\n", {"[1].c": 3}, "a: 1\n---\nb: 2\nc: 3\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_what_is_missing_is_made_in_the_way_of_the_file(name: str) -> None:
    text, changes, expected = MADE[name]
    with pytest.raises(SpecError, match=r"it has no"):
        patch(YAML, text, changes)
    assert patch(YAML, text, changes, create=True) == expected


BASE = "base: &base\n  lr: 0.1\n  opt: {b: 1}\n"
SHARED: dict[str, tuple[str, Mapping[str, Any], str]] = {
    "alias": ("eval: *base\n", {"eval.lr": 2}, "eval: {lr: 2, opt: {b: 1}}\n"),
    "alias as a whole": ("eval: *base # c\n", {"eval": 2}, "eval: 2 # c\n"),
    "key that << brings": ("t:\n  <<: *base\n  n: 1\n", {"t.lr": 2},
                           "t:\n  <<: *base\n  n: 1\n  lr: 2\n"),
    "in brackets": ("t: {<<: *base}\n", {"t.lr": 2}, "t: {<<: *base, lr: 2}\n"),
    "deeper": ("t:\n  <<: *base\n", {"t.opt.b": 2}, "t:\n  <<: *base\n  opt:\n    b: 2\n"),
    "own key": ("t:\n  <<: *base\n  lr: 1\n", {"t.lr": 2}, "t:\n  <<: *base\n  lr: 2\n"),
    "date in it": ("c: &c {d: 2020-01-01, 1: yes}\ne: *c\n", {"e['1']": 2},
                   "c: &c {d: 2020-01-01, 1: yes}\ne: {d: 2020-01-01, 1: 2}\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHARED)
def test_what_is_shared_changes_at_one_place_alone(name: str) -> None:
    text, changes, expected = SHARED[name]
    assert patch(YAML, BASE + text, changes) == BASE + expected


def test_all_places_of_an_anchor_change_at_the_anchor() -> None:
    text = f"{BASE}eval: *base\nt:\n  <<: *base\n"
    after = patch(YAML, text, {"base.lr; eval.lr; t.lr": 2})
    assert after == text.replace("0.1", "2")
    after = patch(YAML, text, {"base.lr": 2, "t.lr": 3, "eval.lr": 2})
    assert after == text.replace("0.1", "2") + "  lr: 3\n"


@pytest.mark.parametrize(
    ("text", "changes", "told"),
    [
        (
            f"{BASE}eval: *base\nt:\n  <<: *base\n",
            {"base.lr": 2},
            "by which 'eval.lr', 't.lr' has the same value; set 'base.lr; eval.lr; t.lr'",
        ),
        ("a: &x 1\nb: *x\n", {"a": 2}, "line 1 has an anchor (&) by which 'b' has the same value"),
        ("a:\n  k: &x 1\nb: *x\n", {"a": 2}, "line 2 has an anchor (&) by which 'b'"),
        ("a: &x {b: 1}\nc: {<<: *x}\n", {"a": 2}, "set 'a; c' to change all"),
        ("1: a\n'1': b\n", {"1": 2}, "'1' is the name of two keys, in lines 1 and 2; rename one"),
        ("c: &c {d: !x 1, e: 2}\nf: *c\n", {"f.e": 3}, "which keeps no tags"),
    ],
)  # fmt: skip
def test_what_would_change_elsewhere_is_refused(
    text: str, changes: Mapping[str, Any], told: str
) -> None:
    with pytest.raises(SpecError) as caught:
        patch(YAML, text, changes)
    assert told in str(caught.value)


def test_all_places_of_an_anchor_get_what_is_made() -> None:
    text = f"{BASE}t:\n  <<: *base\ns: &s [1]\nr: *s\n"
    after = patch(YAML, text, {"base.n; t.n": 2, "s[1]; r[1]": 3, "s[2]; r[2]": 4}, create=True)
    read = yaml.safe_load(after)
    assert [read[one]["n"] for one in ("base", "t")] == [2, 2]
    assert [read[one] for one in ("s", "r")] == [[1, 3, 4]] * 2


def test_a_key_that_an_anchor_gets_is_one_that_others_get_too() -> None:
    with pytest.raises(SpecError, match=r"set 'base.n; t.n' to change all"):
        patch(YAML, f"{BASE}t:\n  <<: *base\n", {"base.n": 1}, create=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1, 2\n", "it is no YAML: line 2, column 1: expected ',' or ']'"),
        ("a: b: c\n", "it is no YAML: line 1, column 5: mapping values are not allowed here"),
        ("a:\n\t- 1\n", "it is no YAML: line 2, column 1: found character '\\t'"),
        ("a: \x07\n", "line 1, column 4: the character U+0007 is not allowed in YAML"),
        ("a: *q\n", "it is no YAML: line 1: there is no anchor &q before this alias"),
        ("<<: 1\n", "it is no YAML: line 1: '<<' needs a dictionary"),
        ("[" * 2000, "it is no YAML: line 1, column 101: this is nested too deep"),
        ("a: 1\n---\nb: 2\n", "it has no '[0].z'; the nearest: [0].a, [0], [1].b, [1]"),
        ("3\n", "it has no 'z'; it has: nothing"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(SpecError) as caught:
        patch(YAML, text, {"z": 1})
    assert told in str(caught.value)


@pytest.mark.parametrize("value", ["\ud800", {1}, 3 + 4j])
def test_what_yaml_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(SpecError, match=r"^'a': YAML has no (value|text)"):
        patch(YAML, "a: 1\n", {"a": value})


def test_a_document_is_not_added() -> None:
    with pytest.raises(SpecError, match=r"it has no '\[2\].c'"):
        patch(YAML, "a: 1\n---\nb: 2\n", {"[2].c": 3}, create=True)


def test_aliases_of_aliases_take_no_time() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    text = "\n".join([*lines, "last: 1\n"])
    assert patch(YAML, text, {"last": 2}) == text.replace("last: 1", "last: 2")
