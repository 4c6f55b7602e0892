"""What study files may hold, and mistakes that name the line."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.render.config import yaml_marks, yaml_text, yaml_value
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
        ("s.toml", "a = 1\na = 2\n", "line 2"),
        ("s.yaml", "a: [1\n", "line 2, column 1"),
        ("s.yaml", "a: \0", "no YAML"),
        ("s.json", "[" * 100_000, "no JSON"),
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
