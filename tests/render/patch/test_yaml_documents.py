"""Whatever YAML PyYAML writes: one value of it changes, and one is added, alone."""

from typing import Any

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from automl.data_path.path import path_text
from automl.render.patch.patching import patch
from automl.render.patch.yaml_format import YamlFormat

keys = st.text(max_size=4).filter(lambda key: not {"'", '"'} <= set(key))
plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
inner = st.recursive(
    plain,
    lambda one: st.lists(one, max_size=3) | st.dictionaries(keys, one, max_size=3),
    max_leaves=5,
)
documents = st.dictionaries(keys, inner, min_size=1, max_size=3)
styles = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([None, True, False]),
        "default_style": st.sampled_from([None, "|", ">", '"', "'"]),
        "indent": st.sampled_from([2, 4, 7]),
        "width": st.sampled_from([10, 80]),
        "allow_unicode": st.booleans(),
        "explicit_start": st.booleans(),
        "line_break": st.sampled_from(["\n", "\r\n"]),
    }
)


def places(value: Any, steps: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = enumerate(value) if isinstance(value, list) else ()
    below = value.items() if isinstance(value, dict) else items
    return [steps, *(place for step, one in below for place in places(one, (*steps, step)))]


def with_new(value: Any, steps: tuple[str | int, ...], new: Any) -> Any:
    if not steps:
        return new
    changed = value.copy()
    if steps[0] == len(value):
        return [*value, new]
    below = value[steps[0]] if isinstance(value, list) else value.get(steps[0])
    changed[steps[0]] = with_new(below, steps[1:], new)
    return changed


def written(document: dict[str, Any], style: dict[str, Any]) -> str:
    text = yaml.dump(document, Dumper=yaml.SafeDumper, sort_keys=False, **style)
    # PyYAML cannot read all that it writes.
    assume(repr(yaml.safe_load(text)) == repr(document))
    return text


@given(document=documents, style=styles, new=inner, data=st.data())
def test_one_value(
    document: dict[str, Any], style: dict[str, Any], new: Any, data: st.DataObject
) -> None:
    text = written(document, style)
    steps = data.draw(st.sampled_from(places(document)[1:]))
    after = patch(YamlFormat(), text, {path_text(steps): new})
    assert repr(yaml.safe_load(after)) == repr(with_new(document, steps, new))


@given(document=documents, style=styles, new=inner, data=st.data())
def test_one_value_more(
    document: dict[str, Any], style: dict[str, Any], new: Any, data: st.DataObject
) -> None:
    text = written(document, style)
    around = [one for one in places(document) if isinstance(_at(document, one), dict | list)]
    steps = data.draw(st.sampled_from(around))
    value = _at(document, steps)
    added = (*steps, "a new key" if isinstance(value, dict) else len(value))
    after = patch(YamlFormat(), text, {path_text(added): new}, create=True)
    assert repr(yaml.safe_load(after)) == repr(with_new(document, added, new))


def _at(value: Any, steps: tuple[str | int, ...]) -> Any:
    for step in steps:
        value = value[step]
    return value
