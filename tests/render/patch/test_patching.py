"""Paths into config files, whatever their format: which values are meant, made, refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.compared import differences
from automl.render.patch.json_format import JsonFormat
from automl.render.patch.patching import patch

TEXT = """{
  "optimizer": {"name": "adam", "lr": 1e-5},
  "layers": [
    {"size": 64, "tags": ["a"]},
    {"size": 128, "tags": ["b", "c"]}
  ],
  "a.b": null,
  "on":true
}
"""
LAYERS = json.loads(TEXT)["layers"]


def changed(changes: dict[str, Any], *, create: bool = False) -> Any:
    """Return what the file holds after changes."""
    return json.loads(patch(JsonFormat(), TEXT, changes, create=create))


def sizes(path: str) -> list[int]:
    return [layer["size"] for layer in changed({path: 7})["layers"]]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("layers[0].size", [7, 128]),
        ("layers[-1].size", [64, 7]),
        ("layers.[0].size", [7, 128]),
        ("layers[:].size", [7, 7]),
        ("layers[*].size", [7, 7]),
        ("layers[1:].size", [64, 7]),
        ("layers[:1].size", [7, 128]),
        ("layers[:-1].size", [7, 128]),
        ("layers[-1:].size", [64, 7]),
        ("layers.[size=128].size", [64, 7]),
        ("layers[size=64.0].size", [7, 128]),
        ("layers[tags[0]=b].size", [64, 7]),
        ("layers[tags[-1]='c']['size']", [64, 7]),
        ("layers[1].size; layers[0].size", [7, 7]),
        ("optimizer.lr;layers[0].size", [7, 128]),
    ],
)
def test_a_path_may_mean_several_values(path: str, expected: list[int]) -> None:
    assert sizes(path) == expected


def test_linked_paths_get_one_value() -> None:
    data = changed({"optimizer.lr;layers[0].tags[0];['a.b']": "x;y"})
    found = (data["optimizer"]["lr"], data["layers"][0]["tags"], data["a.b"])
    assert found == ("x;y", ["x;y"], "x;y")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("optimizer.Lr", "it has no 'optimizer.Lr'; the nearest: optimizer.lr"),
        ("lr", "it has no 'lr'; the nearest: optimizer.lr, layers"),
        ("layers[2].size", "it has no 'layers[2].size'; the nearest: layers[0].size"),
        ("layers[:].lr", "it has no 'layers[0].lr'; the nearest: optimizer.lr"),
        ("layers[2:].size", "'layers[2:]' means no item: the list has 2"),
        ("layers[size=5].size", "means no item; there is: [size=64], [size=128]"),
        ("layers[tags[0]=z].size", "means no item; there is: [tags[0]=a], [tags[0]=b]"),
        ("[on=True]", "'[on=True]' means no item: 'the file' is no list"),
        ("layers[sise=5].size", "means no item: none has 'sise'"),
        ("optimizer[*].lr", "'optimizer[*]' means no item: 'optimizer' is no list"),
        ("zzz", "it has: optimizer, layers, ['a.b'], on, optimizer.name, ..."),
        ("optimizer..lr", "'optimizer..lr' is no path"),
        ("", "'' is no path; write optimizer.lr, layers[0].size"),
        ("on;", "'' is no path; write optimizer.lr, layers[0].size"),
        ("layers[x]", "is no path"),
        ("layers[::2]", "is no path"),
    ],
)
def test_a_path_that_is_not_there_is_told_with_the_nearest(path: str, told: str) -> None:
    with pytest.raises(SpecError) as caught:
        patch(JsonFormat(), TEXT, {path: 1})
    assert told in str(caught.value)


@pytest.mark.parametrize(("value", "text"), [("true", "true"), ("null", "null"), ("1e1", "10")])
def test_what_stands_at_a_field_is_told_so_that_it_can_be_asked_for(value: str, text: str) -> None:
    file = f'[{{"on": {value}, "x": 1}}]'
    with pytest.raises(SpecError, match=rf"there is: \[on={text}(\.0)?\]"):
        patch(JsonFormat(), file, {"[on=other].x": 2})
    assert patch(JsonFormat(), file, {f"[on={text}].x": 2}) == file.replace('"x": 1', '"x": 2')


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"optimizer.lr": 1, "optimizer": {}}, "'optimizer' is set, and so is a part of it, 'opti"),
        ({"layers[:].size": 1, "layers[0]": {}}, "'layers[0]' is set, and so is a part of it"),
        (
            {"layers[:].size": 1, "layers[-1].size": 2},
            "'layers[1].size' is set twice, by 'layers[:].size' and by 'layers[-1].size'",
        ),
        ({"on; on": 1}, "'on' is set twice, by 'on; on' and by 'on; on'"),
    ],
)
def test_a_value_is_set_once(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(SpecError) as caught:
        patch(JsonFormat(), TEXT, changes)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("path", "place", "expected"),
    [
        ("optimizer.beta", "optimizer", {"name": "adam", "lr": 1e-5, "beta": 7}),
        ("['a.b'].c[0].d", "a.b", {"c": [{"d": 7}]}),
        ("new.deep.er", "new", {"deep": {"er": 7}}),
        ("layers[2].size", "layers", [*LAYERS, {"size": 7}]),
        ("layers[:].lr", "layers", [{**layer, "lr": 7} for layer in LAYERS]),
    ],
)
def test_what_is_missing_is_made_if_asked(path: str, place: str, expected: Any) -> None:
    data = changed({path: 7}, create=True)
    assert data == {**json.loads(TEXT), place: expected}


@pytest.mark.parametrize("path", ["on.x", "layers[3]", "optimizer[0]", "layers.x", "layers[9:]"])
def test_what_does_not_fit_is_not_made(path: str) -> None:
    with pytest.raises(SpecError, match=r"it has no|means no item"):
        patch(JsonFormat(), TEXT, {path: 1}, create=True)


def test_several_are_made_below_one_that_is_made() -> None:
    text = patch(JsonFormat(), "{}", {"a.b": 1, "a.c": 2, "d[0]": 3, "d[1]": 4}, create=True)
    assert json.loads(text) == {"a": {"b": 1, "c": 2}, "d": [3, 4]}


class Forgetful(JsonFormat):
    """A format that writes another value than it was given."""

    def patched(self, text: str, changes: Any) -> str:
        return super().patched(text, dict.fromkeys(changes, 0))


class Clumsy(JsonFormat):
    """A format that changes what it was not asked to."""

    def patched(self, text: str, changes: Any) -> str:
        return super().patched(text, changes).replace("128", "129")


class Breaking(JsonFormat):
    """A format that writes what is not of it."""

    def patched(self, text: str, changes: Any) -> str:
        return super().patched(text, changes) + "}"


@pytest.mark.parametrize(
    ("patcher", "told"),
    [
        (Forgetful(), "'optimizer.lr' would become another"),
        (Clumsy(), "'layers[1].size' would become another"),
        (Breaking(), "cannot keep such a value there: it is no JSON: line 10"),
    ],
)
def test_what_a_program_would_read_is_checked(patcher: JsonFormat, told: str) -> None:
    with pytest.raises(SpecError) as caught:
        patch(patcher, TEXT, {"optimizer.lr": 1})
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, 1.0), (1, True), (0, False), ("1", 1), (None, ""), ([], {}), (0.0, -0.0), ([1], [True])],
)
def test_a_value_of_another_type_is_another(one: object, other: object) -> None:
    assert list(differences({"a": one}, {"a": other})) != []
    assert list(differences({"a": one}, {"a": one})) == []


def test_numbers_that_are_none_are_the_same() -> None:
    assert list(differences([float("nan"), float("inf")], [float("nan"), float("inf")])) == []


def test_what_holds_itself_is_compared() -> None:
    one: list[Any] = [1]
    other: list[Any] = [1]
    one.append(one)
    other.append(other)
    assert list(differences(one, other)) == []
    other.insert(0, 2)
    assert list(differences(one, other)) == [()]


keys = st.text(max_size=6).filter(lambda key: not {"'", '"'} <= set(key))


items = st.lists(st.dictionaries(keys, st.integers(), max_size=2), max_size=2)


@given(data=st.dictionaries(keys, items, min_size=1, max_size=2))
def test_the_path_of_each_value_means_it_alone(data: dict[str, Any]) -> None:
    text = json.dumps(data)
    for key, items in data.items():
        for at, item in enumerate(items):
            for name in item:
                path = path_text((key, at, name))
                expected = json.loads(text)
                expected[key][at][name] = "new"
                assert json.loads(patch(JsonFormat(), text, {path: "new"})) == expected
