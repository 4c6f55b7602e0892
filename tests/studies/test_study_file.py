"""What study files may hold, and mistakes that name the line."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.render.config import yaml_text
from automl.render.documents.yaml_reading import yaml_marks, yaml_value
from automl.studies.given.place import inside
from automl.studies.study_file.marks import json_marks, toml_marks
from automl.studies.study_file.reading import read_marked


def file(folder: Path, text: str, name: str = "s.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1e-5", 1e-5),
        ("-1E5", -1e5),
        ("1.5e3", 1500.0),
        ("1.e2", 100.0),
        ("'1e-5'", "1e-5"),
        ("1e5x", "1e5x"),
        ("e5", "e5"),
    ],
)
def test_a_power_of_ten_is_a_number(text: str, expected: object) -> None:
    assert yaml_value(text) == expected


@given(st.one_of(st.text(), st.from_regex(r"[-+]?[0-9]+\.?[eE]-?[0-9]+", fullmatch=True)))
@example("1e-5")
def test_a_text_that_is_written_is_read_as_that_text(text: str) -> None:
    assert yaml_value(yaml_text({"a": text})) == {"a": text}


def test_values_have_marks() -> None:
    marks = yaml_marks("a: 1\nb:\n  - c: 2\n  - {d: 3, odd name: 4}\n")
    assert marks == {
        "a": (1, 1),
        "b": (2, 1),
        "b[0]": (3, 5),
        "b[0].c": (3, 5),
        "b[1]": (4, 5),
        "b[1].d": (4, 6),
        "b[1]['odd name']": (4, 12),
    }


def test_the_nearest_mark_tells_of_a_place_that_has_none(tmp_path: Path) -> None:
    marked = read_marked(file(tmp_path, "a: 1\nb:\n  - c: 2\n"))
    assert marked.line_of("b[0].x.y") == ", line 3, column 5"
    assert marked.line_of("b[7]") == ", line 2, column 1"
    assert marked.line_of("z") == ""
    assert marked.line_of("") == ""


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("s.yaml", "a: 1\na: 2\n", "line 2, column 1: the key 'a' is there twice"),
        ("s.json", '{"a": 1,\n "a": 2}', "line 2, column 2: the key 'a' is there twice"),
        ("s.json", '{"a": 1,\n "b": }', "line 2, column 7: this is no JSON"),
        ("s.toml", "a = 1\na = 2\n", "line 2, column 1: the key 'a' is there twice"),
        ("s.toml", "a = 1\n[b]\nc = 1\n[d]\n[b]\n", "line 5, column 3: this is no TOML: Cannot"),
        ("s.toml", "a = {b = 1, b = 2}\n", "line 1, column 13: the key 'b' is there twice"),
        ("s.toml", "a = [1,\n", "line 2, column 1: this is no TOML"),
        ("s.toml", "a = adam\n", "line 1, column 5: this is no TOML: Invalid value"),
        ("s.toml", "a = 1\nb = " + "9" * 5000, "line 2, column 5: this is no TOML: Exceeds"),
        ("s.toml", "a = " + "[" * 5000, "column 105: this is nested too deep"),
        ("s.toml", "a = 1\r\nb 2\r\n", "line 2, column 3: this is no TOML"),
        ("s.json", '{"a": [1, {"b": 1,\n "b": 2}]}', "line 2, column 2: the key 'b' is"),
        ("s.json", '{\t"a": 1,\n\t"a": 2}', "line 2, column 2: the key 'a' is there twice"),
        ("s.json", '{"a": ' + "9" * 5000 + "}", "line 1, column 7: this is no JSON: Exceeds"),
        ("s.json", '{"a": 1} x', "line 1, column 10: this is no JSON"),
        ("s.yaml", "a: 0x_\n", "line 1, column 4: this is no YAML: invalid literal"),
        ("s.yaml", "a: 1\nb:  " + "9" * 5000, "line 2, column 5: this is no YAML: Exceeds"),
        ("s.yaml", "a: 1\nb: *c\n", "line 2, column 4: found undefined alias"),
        ("s.yaml", "- a\n? [b]\n", "line 2, column 1"),
        ("s.yaml", "? [b]\n: 1\n", "line 1, column 3: found unhashable key"),
        ("s.yaml", "a: [1\n", "line 2, column 1"),
        ("s.yaml", "a: 1\nb: \0", "line 2, column 4: the character U+0000 is not allowed in YAML"),
        ("s.json", "[" * 100_000, "line 1, column 101: this is nested too deep"),
        ("s.yaml", "[" * 500, "line 1, column 101: this is nested too deep"),
        ("s.yaml", "env_from: [NO_SUCH]\n", "line 1, column 12: env_from: the variable 'NO_SUCH'"),
        ("s.yaml", "env_from: HOME\n", "line 1, column 1: env_from must be a list of names"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place(
    name: str, text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_SUCH", raising=False)
    with pytest.raises(SpecError) as caught:
        read_marked(file(tmp_path, text, name))
    assert told in str(caught.value)
    assert name in str(caught.value)


def test_a_tab_in_json_is_read(tmp_path: Path) -> None:
    assert read_marked(file(tmp_path, '{\n\t"a": 1}', "s.json")).description["a"] == 1


def test_only_listed_variables_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA", "/d$1\\2")
    monkeypatch.setenv("OTHER", "x")
    text = "env_from: [DATA]\ncwd: ${DATA}/sub\nlist: ['${OTHER} $DATA', {a: '${DATA}${DATA}'}]\n"
    assert read_marked(file(tmp_path, text)).description == {
        "name": "s",
        "cwd": "/d$1\\2/sub",
        "list": ["${OTHER} $DATA", {"a": "/d$1\\2/d$1\\2"}],
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [("s.json", '{"a": 1}'), ("s.toml", "a = 1"), ("s.yaml", "a: 1")],
)
def test_a_mark_before_the_text_is_left_out(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_marked(path).description["a"] == 1
    assert read_marked(path).line_of("a") == f", line 1, column {2 if name == 's.json' else 1}"


def test_what_is_no_utf8_has_a_place(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(b"# \xc3\xa4\na = '\xe4'\n")
    with pytest.raises(SpecError, match="line 2, column 6: the byte 0xe4 is no UTF-8"):
        read_marked(path)


def test_keys_are_texts(tmp_path: Path) -> None:
    text = "on: 1\n2: 2\nnull: 3\n2026-11-30: 4\n"
    assert read_marked(file(tmp_path, text)).description == {
        "name": "s",
        "on": 1,
        "2": 2,
        "null": 3,
        "2026-11-30": 4,
    }


TOML = '''\
name = "x" # [no] = table
a.b = [1, [2, {c = 3, "odd name" = 4}], "text"]
long = """
[no.table]
x = 1"""
when = 1979-05-27 07:32:00
[env]
PATH = "a=b"
'single "quoted"' = 1
[[tasks]]
cmd = ["x", """{{ a }}"""]
[[tasks.files]]
base = 1
[[tasks.files]]
base = 2
[[tasks]]
[tasks.env]
X = 1
[[tasks.files]]
base = 3
'''


def test_values_of_toml_have_marks() -> None:
    assert toml_marks(TOML).found == {
        "name": (1, 1),
        "a": (2, 1),
        "a.b": (2, 1),
        "a.b[0]": (2, 8),
        "a.b[1]": (2, 11),
        "a.b[1][0]": (2, 12),
        "a.b[1][1]": (2, 15),
        "a.b[1][1].c": (2, 16),
        "a.b[1][1]['odd name']": (2, 23),
        "a.b[2]": (2, 41),
        "long": (3, 1),
        "when": (6, 1),
        "env": (7, 1),
        "env.PATH": (8, 1),
        "env['single \"quoted\"']": (9, 1),
        "tasks": (10, 1),
        "tasks[0]": (10, 1),
        "tasks[0].cmd": (11, 1),
        "tasks[0].cmd[0]": (11, 8),
        "tasks[0].cmd[1]": (11, 13),
        "tasks[0].files": (12, 1),
        "tasks[0].files[0]": (12, 1),
        "tasks[0].files[0].base": (13, 1),
        "tasks[0].files[1]": (14, 1),
        "tasks[0].files[1].base": (15, 1),
        "tasks[1]": (16, 1),
        "tasks[1].env": (17, 1),
        "tasks[1].env.X": (18, 1),
        "tasks[1].files": (19, 1),
        "tasks[1].files[0]": (19, 1),
        "tasks[1].files[0].base": (20, 1),
    }
    assert toml_marks(TOML).twice is None


def places(value: object, place: str = "") -> Iterator[str]:
    """Give the place of each value within plain data."""
    items: Iterable[tuple[str, object]] = ()
    if isinstance(value, dict):
        items = ((inside(place, key), one) for key, one in value.items())
    elif isinstance(value, list):
        items = ((f"{place}[{number}]", one) for number, one in enumerate(value))
    for here, one in items:
        yield here
        yield from places(one, here)


PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), PLAIN), st.sampled_from([None, 1, "\t"]))
def test_every_value_of_json_has_a_mark(value: dict[str, object], indent: int | str | None) -> None:
    marks = json_marks(json.dumps(value, indent=indent))
    assert set(marks.found) == set(places(value))
    assert marks.twice is None
