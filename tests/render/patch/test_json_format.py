import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.json_format import JsonFormat
from automl.render.patch.json_tree import parse_json
from automl.render.patch.patcher import Patcher
from automl.render.patch.patching import patch
from automl.testing import FORMAT_CHECKS, FormatSample

texts = st.text(max_size=6)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
plain = st.none() | st.booleans() | numbers | texts
documents = st.recursive(
    plain, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=6
)

TEXT = """{
  "optimizer": {"name": "adam", "lr": 1e-5},
  "layers": [
    {"size": 64},
    {"size": 128}
  ],
  "a.b": null,
  "on":true
}
"""


@pytest.mark.parametrize("check", FORMAT_CHECKS)
def test_json_keeps_the_contract(check: Callable[[Patcher, FormatSample], None]) -> None:
    values = (7, 0.5, True, "a b", "7", None, [1, "x"], -1e300)
    flat = FormatSample(text=TEXT, read=json_of_paths, values=values, missing="optimizer.beta")
    check(JsonFormat(), flat)


def json_of_paths(text: str) -> Mapping[str, Any]:
    whole = json.loads(text)
    return {
        "optimizer.name": whole["optimizer"]["name"],
        "optimizer.lr": whole["optimizer"]["lr"],
        "layers[0].size": whole["layers"][0]["size"],
        "layers[1].size": whole["layers"][1]["size"],
        "['a.b']": whole["a.b"],
        "on": whole["on"],
    }


@settings(max_examples=50, deadline=None)
@given(document=documents, indent=st.none() | st.integers(0, 3), ascii_only=st.booleans())
def test_any_document_is_read_as_python_reads_it(
    *, document: Any, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    tree = parse_json(text)

    def compare(value: Any, place: Any) -> None:
        assert json.loads(text[place.start : place.end]) == value
        assert place.data == value
        if isinstance(value, dict | list):
            pairs = dict(value.items() if isinstance(value, dict) else enumerate(value))
            assert list(place.children) == list(pairs)
            for step, inner in pairs.items():
                compare(inner, place.children[step])

    compare(document, tree)


# No path names a key with both kinds of quotes.
keys = st.text(max_size=6).filter(lambda key: not {"'", '"'} <= set(key))


@settings(max_examples=50, deadline=None)
@given(document=st.dictionaries(keys, plain, min_size=1, max_size=4), value=documents)
def test_one_change_is_one_value(document: dict[str, Any], value: Any) -> None:
    text = json.dumps(document, indent=1)
    for key in document:
        patched = patch(JsonFormat(), text, {path_text([key]): value})
        assert json.loads(patched) == {**document, key: value}


def test_comments_and_trailing_commas_stay() -> None:
    text = """// how it is trained
{
  /* by hand: */ "lr": 0.1, // "lr": 0.2
  "url": "http://x//y", /* "n": 1 */ "n": [1, 2,],
}
"""
    patched = patch(JsonFormat(), text, {"lr": 3, "n[1]": False})
    assert patched == text.replace("0.1", "3").replace("2,]", "false,]")


def test_of_a_key_that_comes_twice_the_last_counts() -> None:
    assert patch(JsonFormat(), '{"a": 1, "a": 2}', {"a": 3}) == '{"a": 1, "a": 3}'


def test_digits_are_a_key_of_an_object_and_a_position_of_a_list() -> None:
    assert patch(JsonFormat(), '{"0": [1]}', {"0[0]": 2}) == '{"0": [2]}'
    with pytest.raises(SpecError, match="it has no '\\[0\\]'; the nearest: 0\\[0\\]"):
        patch(JsonFormat(), '{"0": [1]}', {"[0]": 2})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1}])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(SpecError, match="'on': JSON has no value"):
        patch(JsonFormat(), TEXT, {"on": value})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1, column 1: expected a value, found the end"),
        ('{"a": 1\n "b": 2}', "line 2, column 2: expected ',' or '}', found '\"'"),
        ('{"a" 1}', "line 1, column 6: expected ':', found '1'"),
        ("{a: 1}", "line 1, column 2: expected a key in double quotes, or '}', found 'a'"),
        ("[1, 2", "expected ',' or ']', found the end"),
        ('["a\nb"]', "line 1, column 4: expected a text without mistakes"),
        ("[01]", "found '0'"),
        ("[1] 2", "line 1, column 5: expected the end of the file, found '2'"),
        ("[tru]", "expected a value, found 't'"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(SpecError) as caught:
        patch(JsonFormat(), text, {"a": 1})
    assert told in str(caught.value)
