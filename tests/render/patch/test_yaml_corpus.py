"""One value of a YAML file changes: all others stay, and all of the text that is not its own."""

from itertools import cycle
from typing import Any

import pytest
from yaml_corpus import FILES
from yaml_reader import Core, Steps, read, values

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.compared import differences
from automl.render.patch.patching import patch
from automl.render.patch.yaml_format import YamlFormat
from automl.render.patch.yaml_nodes.composing import composed, composed_to_read
from automl.render.patch.yaml_nodes.reading import data_of

NEW = (7, 2.5e-7, True, "yes", "a: b", None, "1e-5", [1, {"k": "x\n"}], "0o17", "017", "1_0")


def with_new(before: dict[Steps, Any], steps: Steps, value: Any) -> dict[Steps, Any]:
    """Return what is to be read when one value is another."""
    kept = {one: it for one, it in before.items() if one[: len(steps)] != steps}
    return kept | told(value, steps)


def told(value: Any, steps: Steps) -> dict[Steps, Any]:
    """Return a value as the reader tells of it."""
    if isinstance(value, dict):
        found: dict[Steps, Any] = {steps: f"a dictionary of {sorted(value)}"}
        below = list(value.items())
    elif isinstance(value, list):
        found, below = {steps: f"a list of {len(value)}"}, list(enumerate(value))
    else:
        return {steps: (type(value).__name__, repr(value))}
    for step, one in below:
        found |= told(one, (*steps, step))
    return found


def patched(text: str, steps: Steps, value: Any) -> str | None:
    """Return a text with another value, None where an anchor shares it."""
    try:
        return patch(YamlFormat(), text, {path_text(steps): value})
    except SpecError as error:
        if "has an anchor (&) by which" in str(error):
            return None
        raise


@pytest.mark.parametrize("name", FILES)
def test_each_value_alone(name: str) -> None:
    text = FILES[name]
    before, new = read(text), cycle(NEW)
    plain, core = values(text), values(text, Core)
    changed = 0
    for steps, (start, end, _) in before.items():
        if not steps or any(str(step).startswith(("sequence ", "mapping ")) for step in steps):
            continue
        value = next(new)
        after = patched(text, steps, value)
        if after is None:
            continue
        assert values(after) == with_new(plain, steps, value), (steps, value, after)
        assert values(after, Core) == with_new(core, steps, value), (steps, value, after)
        changed += 1
        if start < end:
            _check_bytes(text, after, start, end)
    assert changed


def _check_bytes(text: str, after: str, start: int, end: int) -> None:
    """Check that two texts differ only where a value is, or, if it is shared, in one line."""
    first = _alike(text, after)
    last = _alike(text[first:][::-1], after[first:][::-1])
    gone = text[first : len(text) - last]
    assert (start <= first and len(text) - last <= end) or "\n" not in gone, (gone, after)


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def test_the_corpus_is_large() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("name", FILES)
def test_both_parsers_read_the_same(name: str) -> None:
    text = FILES[name]
    quick, exact = data_of(composed_to_read(text)), data_of(composed(text))
    assert list(differences(quick, exact)) == []
