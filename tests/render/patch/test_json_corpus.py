"""One value of a JSON file changes: all others stay, and all of the text that is not its own."""

import json
import re
import sys
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from json_corpus import FILES

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.json_format import JsonFormat
from automl.render.patch.patching import patch

NEW = (7, 2.5e-7, True, "yes", 'a "b" // c', None, "1e-5", [1, {"k": "x\n"}], {}, -0.0)
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)


@pytest.fixture(autouse=True)
def any_length() -> Iterator[None]:
    """Let Python read whole numbers of any length."""
    most = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    yield
    sys.set_int_max_str_digits(most)


def read(text: str) -> Any:
    """Return what a text holds, without its comments and commas at the end."""
    # Commas are looked for twice, as comments may follow them.
    for _ in range(2):
        text = _COMMENT.sub(lambda found: found[1] or "", text)
    return json.loads(text.removeprefix("\ufeff"))


def places(value: Any, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the paths of all values; of long lists, of the first."""
    if steps:
        yield steps
    items = enumerate(value[:3]) if isinstance(value, list) else ()
    for step, one in value.items() if isinstance(value, dict) else items:
        yield from places(one, (*steps, step))


def with_new(value: Any, steps: tuple[str | int, ...], new: Any) -> Any:
    if not steps:
        return new
    changed = value.copy()
    changed[steps[0]] = with_new(value[steps[0]], steps[1:], new)
    return changed


@pytest.mark.parametrize("name", FILES)
def test_each_value_alone(name: str) -> None:
    text = FILES[name]
    data, new = read(text), cycle(NEW)
    for steps in places(data):
        value = next(new)
        after = patch(JsonFormat(), text, {path_text(steps): value})
        # Texts compare types, NaN and the order of keys too.
        assert repr(read(after)) == repr(with_new(data, steps, value)), (steps, value)
        assert _is_one_piece(text, after, json.dumps(value)), (steps, after)


def _is_one_piece(text: str, after: str, value: str) -> bool:
    """Tell whether a text is another with the value in the place of one piece of it."""
    starts = [found.start() for found in re.finditer(re.escape(value), after)]
    return any(
        text.startswith(after[:at])
        and text.endswith(after[at + len(value) :])
        and len(after) - len(value) <= len(text)
        for at in starts
    )


@pytest.mark.parametrize("name", FILES)
def test_a_key_more(name: str) -> None:
    text = FILES[name]
    data = read(text)
    step: str | int = "new key" if isinstance(data, dict) else len(data)
    after = patch(JsonFormat(), text, {path_text((step,)): [1, "x"]}, create=True)
    expected = {**data, step: [1, "x"]} if isinstance(data, dict) else [*data, [1, "x"]]
    assert repr(read(after)) == repr(expected)


def test_the_corpus_is_large() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{'a': 1}", "line 1, column 2: expected a key in double quotes, or '}', found \"'\""),
        ("{\"a\": 'x'}", 'line 1, column 7: expected a value, found "\'"'),
        ("{a: 1}", "expected a key in double quotes"),
        ('{"a": +1}', "expected a value, found '+'"),
        ('{"a": .5}', "expected a value, found '.'"),
        ('{"a": 0x1F}', "expected a value, found '0'"),
        ('{"a": 1_000}', "expected a value, found '1'"),
        ('{"a": True}', "expected a value, found 'T'"),
        ('{"a": undefined}', "expected a value, found 'u'"),
        ('{"a": 1, # c\n}', "expected a key in double quotes, or '}', found '#'"),
        ('{"a": 1} /* end', "expected the end of the file, found '/'"),
        ('{"a": 1}\n{"a": 2}\n', "line 2, column 1: expected the end of the file, found '{'"),
        ('{"a": 1,, "b": 2}', "expected a key in double quotes, or '}', found ','"),
        ('{"a": "x\ty"}', "line 1, column 9: expected a text without mistakes"),
        ('{"a": "\\x"}', "expected a text without mistakes"),
    ],
)
def test_what_is_json5_or_worse_is_refused(text: str, told: str) -> None:
    with pytest.raises(SpecError) as caught:
        patch(JsonFormat(), text, {"a": 2})
    assert told in str(caught.value)
