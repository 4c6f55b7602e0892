"""Numbers at paths of JSON, whatever the file is like, and what is told where there is none."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.readers.follower import NO_MATCH_YET, Follower, Look
from automl.readers.json_files import documents
from automl.readers.json_files.parser import JsonParser, JsonPaths
from automl.readers.json_files.reader import JsonReader
from automl.readers.registry import follow, make_reader

LIMIT = 1 << 20


def reader(**options: Any) -> JsonReader:
    made = make_reader("json_reader", {"location": "x.json", **options})
    assert isinstance(made, JsonReader)
    return made


def ended(follower: Follower) -> tuple[list[float], list[float] | None, list[Look]]:
    """Return the numbers that count, their steps, and all looks."""
    values: list[float] = []
    steps: list[float] | None = None
    looks = []
    more = True
    while more:
        looks.append(follower.read(ended=True, limit_bytes=LIMIT))
        more = looks[-1].more
        for points in looks[-1].measurements.values():
            values = list(points.values) if points.restarted else values + list(points.values)
            if points.steps is not None:
                steps = (steps or []) + list(points.steps)
    return values, steps, looks


def read(folder: Path, text: str | bytes, **options: Any) -> list[float]:
    path = folder / "x.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return ended(follow(reader(**options), str(path)))[0]


def problem(folder: Path, text: str, **options: Any) -> str:
    path = folder / "x.json"
    path.write_text(text)
    follower = follow(reader(**options), str(path))
    ended(follower)
    return follower.problem().replace(str(folder), "")


NESTED = {
    "test": {"MAE@1": 2.5, "a.b": 3, "x[0]": 4, "it's": 5},
    "results": [{"acc": 0.5}, {"acc": 0.75}],
    "history": {"val_loss": [0.9, 0.8, 0.7]},
    "splits": [{"name": "train", "loss": 1}, {"name": "val", "loss": 2}, {"name": "7", "loss": 3}],
    "rows": [[0, 10, 0.1], [1, 20, 0.2]],
    "0": 8,
}


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("test.MAE@1", [2.5]),
        ("test['a.b']", [3]),
        ('["test"]["x[0]"]', [4]),
        ('test["it\'s"]', [5]),
        ("results[0].acc", [0.5]),
        ("results[-1].acc", [0.75]),
        ("results[2].acc", []),
        ("results[-3].acc", []),
        ("results[*].acc", [0.5, 0.75]),
        ("results[1:].acc", [0.75]),
        ("history.val_loss[-2:]", [0.8, 0.7]),
        ("history.val_loss[5:]", []),
        ("splits.[name=val].loss", [2]),
        ("history.val_loss[-1]", [0.7]),
        ("history.val_loss", [0.9, 0.8, 0.7]),
        ("splits[name=val].loss", [2]),
        ("splits[ 'name' = \"val\" ].loss", [2]),
        ("splits[name=7].loss", [3]),
        ("splits[name=nobody].loss", []),
        ("splits[loss=2].loss", [2]),
        ("rows[*][2]", [0.1, 0.2]),
        ("rows", []),
        ("0", [8]),
        ("test", []),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_path_leads_to_numbers(
    key: str, wanted: list[float], indent: int | None, tmp_path: Path
) -> None:
    assert read(tmp_path, json.dumps(NESTED, indent=indent), key=key) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"a": 1}\n{"a": 2}\n', [1, 2]),
        ('{"a": 1}{"a": 2}', [1, 2]),
        ('{"a": 1},\n{"a": 2},\n', [1, 2]),
        ('\x1e{"a": 1}\n\x1e{"a": 2}\n', [1, 2]),
        ('{\n  "a": 1\n}\n{\n  "a": 2\n}\n', [1, 2]),
        ('starting\n{"a": 1}\n[INFO] more\n{"a": 2}\ndone', [1, 2]),
        ('{"a": 1}\r\n{"a": 2}\r\n', [1, 2]),
        ('{"a": 1}\n\n\n{"b": 7}\n{"a": 2}', [1, 2]),
        # A run that was killed within a line, and went on.
        ('{"a": 1}\n{"a": 0.{"a": 2}\n{"a": 3}\n', [1, 3]),
        ('{"a": 1}\n{"b": "te\n{"a": 2}\n', [1, 2]),
        ('{"a": 1}\n{"a": 0\n{"a": 2}\n{"a": 3}\n', [1, 2, 3]),
        ('{"a": 1}\n{"a\n{"a": 2}\n', [1, 2]),
        # What follows may be a part of what is broken.
        ('{"a": 1}\n{"b": [\n{"a": 2}\n{"a": 3}\n', [1]),
        ('{\n"b": {\n"a": 2\n}\n', []),
        ('{"b": [{"a": 1}\n,\n{"a": 2}\n', []),
        ('{"b": [{"a": 1}\n,{"a": 2}\n', []),
        ('"b": 1},\n{"a": 2},\n{"a": 3}]', []),
        ('}\n{"a": 2}', []),
        ('{"a": 1}": {"b\n{"a": 2}\n', [1, 2]),
        ('{"x\\y": 1, "b": "1234567890123456789",\n{"a": 2}\n', []),
        ('[[["\\y", 1234567890123456789\n{"a": 2}\n', [2]),
        ('"\1": }\n{"a": 2}\n', [2]),
        ('"\\q": }\n{"a": 2}\n', [2]),
        ('[INFO] starting:\n[12:30] with {\n{"a": 2}\n', [2]),
        ('[\n{"a": 1},\n{"a": 2},\n', []),
        ('{"a": 1, "a": 2}', [2]),
        ('{"a": "0.91"}', [0.91]),
        ('{"a": " 1e-3 "}', [0.001]),
        ('{"a": "0.91 s"}', []),
        ('{"a": "1,5"}', []),
        ('{"a": true}', []),
        ('{"a": null}', []),
        ('{"a": [1, null, "x", 3]}', [1, 3]),
        ('{"a": 1' + "0" * 5000 + "}", []),
        ('{"a": 1' + "0" * 400 + "}", [math.inf]),
        ('{"a": 1e400}', [math.inf]),
        ('{"a": -Infinity}', [-math.inf]),
        ('{"a": 0x1f}', []),
        ("\ufeff" + '{"a": 1}', [1]),
        ('{"a": 1} trailing words', [1]),
        ('{"a": 1}\0\0\0', [1]),
        ("[" * 10_000, []),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, []),
    ],
)
def test_documents_are_told_apart(text: str, wanted: list[float], tmp_path: Path) -> None:
    assert read(tmp_path, text, key="a") == wanted
    for most in (1, 2, 7):
        if len(text) < 1000:
            assert in_pieces(text, most) == wanted


def in_pieces(text: str, most: int) -> list[float]:
    """Return what a text gives that comes in pieces of so many letters."""
    parser = JsonParser(JsonPaths(key="a", path=("a",)))
    pieces = [text[start : start + most] for start in range(0, len(text), most)]
    found = [parser.feed(one, final=False, more=most > 1) for one in pieces]
    return [one.value for each in [*found, parser.feed("", final=True, more=False)] for one in each]


PARTS = st.sampled_from(
    ['{"a": 1}', "{", "}", "[", "]", ",", ":", '"', '"a"', "\n", " ", "1.5", "x", "\\"]
)


@given(st.lists(PARTS, max_size=30).map("".join), st.integers(1, 9))
def test_any_text_gives_the_same_however_it_comes(text: str, most: int) -> None:
    assert in_pieces(text, most) == in_pieces(text, 10_000)


def test_nan_is_read_and_told(tmp_path: Path) -> None:
    assert math.isnan(read(tmp_path, '{"a": NaN}', key="a")[0])
    assert problem(tmp_path, '{"a": NaN}', key="a") == "'a' is nan in /x.json"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_marks_of_encodings_are_heeded(encoding: str, tmp_path: Path) -> None:
    assert read(tmp_path, '{"größe": 1}'.encode(encoding), key="größe") == [1]


def test_bytes_that_are_no_text_spoil_no_number(tmp_path: Path) -> None:
    assert read(tmp_path, b'{"name": "\xff\xfe", "a": 1}', key="a") == [1]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.91", [0.91]),
        ("0.91\n", [0.91]),
        ('"0.91"', [0.91]),
        ("[1, 2]", [1, 2]),
        ("5 apples", []),
    ],
)
def test_a_document_may_be_the_number_itself(
    text: str, wanted: list[float], tmp_path: Path
) -> None:
    assert read(tmp_path, text, key=".") == wanted


def test_a_number_alone_waits_for_the_end_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("0.9")
    follower = follow(reader(key="."), str(path))
    assert not follower.read(ended=False, limit_bytes=LIMIT).measurements
    path.write_text("0.91\n")
    assert ended(follower)[0] == [0.91]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"key": "loss", "step": "epoch"}, [3, 4]),
        ({"key": "loss"}, None),
        ({"key": "loss", "step": "#"}, [0, 1]),
        ({"key": "curve[*].loss", "step": "curve[*].epoch"}, [10, 20, 10, 20]),
        ({"key": "curve[*].loss", "step": "#"}, [0, 1, 0, 1]),
        ({"key": "curve[*].loss", "step": "epoch"}, [3, 3, 4, 4]),
        ({"key": "curve[epoch=20].loss", "step": "curve[*].epoch"}, [20, 20]),
        ({"key": "curve[epoch=20].loss", "step": "#"}, [1, 1]),
    ],
)
def test_a_step_is_that_of_the_same_items(
    options: dict[str, Any], wanted: list[float] | None, tmp_path: Path
) -> None:
    curve = [{"epoch": 10, "loss": 1}, {"epoch": 20, "loss": 2}]
    path = tmp_path / "x.json"
    lines = [json.dumps({"epoch": epoch, "loss": 1, "curve": curve}) for epoch in (3, 4)]
    path.write_text("\n".join(lines))
    assert ended(follow(reader(**options), str(path)))[1] == wanted


def test_without_a_step_where_one_was_asked_for_that_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": 1, "iter": 3}')
    _, steps, looks = ended(follow(reader(key="a", step="epoch"), str(path)))
    assert steps is not None
    assert math.isnan(steps[0])
    assert "no step at 'epoch'; it has" in looks[0].warnings["no steps"]


def test_the_metric_is_the_path_if_none_is_given(tmp_path: Path) -> None:
    assert read(tmp_path, '{"test": {"MAE@12": 3.5}}', metric="test.MAE@12") == [3.5]


def test_a_file_written_anew_counts_as_it_stands_or_each_time(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    last = follow(reader(key="a", location=str(path)), str(path))
    every = follow(reader(key="a", versions="all"), str(path))
    found: dict[Follower, list[float]] = {last: [], every: []}
    for value in (5, 4, 3):
        new = tmp_path / "new"
        new.write_text(json.dumps({"a": value}, indent=2))
        new.replace(path)
        for one, values in found.items():
            points = one.read(ended=False, limit_bytes=LIMIT).measurements["metric"]
            if points.restarted:
                values.clear()
            values.extend(points.values)
    assert list(found.values()) == [[3], [5, 4, 3]]


def test_a_file_that_is_half_rewritten_gives_its_number_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": 5}')
    follower = follow(reader(key="a"), str(path))
    assert follower.read(ended=False, limit_bytes=LIMIT).measurements["metric"].values == (5,)
    with path.open("w") as file:
        file.write('{"a": ')
        file.flush()
        assert not follower.read(ended=False, limit_bytes=LIMIT).measurements
        file.write("4}")
    points = follower.read(ended=False, limit_bytes=LIMIT).measurements["metric"]
    assert (points.values, points.restarted) == ((4,), True)


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ('{"t": {"MAE@12": 3.5}}', "MAE@12", "no 'MAE@12' in /x.json; it has 't.MAE@12' (3.5)"),
        ('{"history": {"val_loss": [1, 2]}}', "val_loss", "it has 'history.val_loss' (2 numbers)"),
        ('{"val.acc": 1}', "val.acc", "it has '['val.acc']' (1)"),
        ('[{"acc": 1}, {"acc": 2}]', "acc", "it has '[0].acc' (1)"),
        ('{"a": "high"}', "a", "'a' is 'high' in /x.json, which is no number"),
        ('{"a": {"b": 1}}', "a", "'a' is an object with 'b' in"),
        ('{"a": null}', "a", "'a' is null in"),
        ('{"a": true}', "a", "'a' is true in"),
        ("{}", "a", "no 'a' in /x.json; it has an object with nothing"),
        ("accuracy: 5\n", "a", "is no JSON (line 1, 'accuracy: 5': no JSON)"),
        ('{"a": 1', "a", "is no JSON (line 1"),
        ("{'a': 1}", "a", "Expecting property name"),
        ("  \n", "a", "has only blanks"),
        ("", "a", "/x.json is empty, so there is no 'a'"),
        ('{"b": [\n1,\n', "a", "/x.json: its JSON is broken in line 3"),
        ("[" * 10_000, "a", "nested too deeply"),
    ],
)  # fmt: skip
def test_what_is_there_instead_is_told(text: str, key: str, told: str, tmp_path: Path) -> None:
    found = problem(tmp_path, text, key=key).replace('"', "'")
    assert told in found
    assert "\n" not in found


def test_the_line_that_is_told_is_the_one_at_which_it_ends(tmp_path: Path) -> None:
    text = 'hello\n{"a": 1}\n{"a": [\n1,\nx],\n"a": 2}\n'
    (tmp_path / "x.json").write_text(text)
    values, _, looks = ended(follow(reader(key="a"), str(tmp_path / "x.json")))
    assert values == [1]
    assert "its JSON is broken in line 5, 'x],'" in looks[-1].left_out
    (tmp_path / "y.json").write_text('hello\n{"a": 1}\n"b": 3}\n')
    _, _, looks = ended(follow(reader(key="a"), str(tmp_path / "y.json")))
    assert "its JSON is broken in line 3, " in looks[-1].left_out


@pytest.mark.parametrize("ending", ["\r", "\r\n", "\n"])
@pytest.mark.parametrize("most", [1, 3, 100])
def test_any_end_of_a_line_ends_it(ending: str, most: int) -> None:
    lines = ["50%", '{"a": 1}', '{"a": 2, oops}', '{"a": 3},', "7", '{"a": 4}', '{"a": 5, "b']
    assert in_pieces(ending.join(lines), most) == [1, 3, 4]
    parser = JsonParser(JsonPaths(key="a", path=("a",)))
    text = f'{{"a": 1}}{ending}{{"a": [{ending}1,{ending}x],'
    for at in range(0, len(text), most):
        parser.feed(text[at : at + most], final=False, more=False)
    parser.feed("", final=True, more=False)
    assert "broken in line 4, 'x],'" in parser.left_out


def test_no_file_is_told(tmp_path: Path) -> None:
    follower = follow(reader(key="a"), str(tmp_path / "none.json"))
    ended(follower)
    assert follower.problem().startswith("no file ")


def test_silence_is_told_while_the_program_runs(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    follower = follow(reader(key="acc"), str(path))
    told = []
    for epoch in range(8):
        with path.open("a") as file:
            file.write(json.dumps({"val": {"acc": epoch}}) + "\n")
        told.append(follower.read(ended=False, limit_bytes=LIMIT).warnings.get(NO_MATCH_YET, ""))
    assert told[0] == ""
    assert "'val.acc'" in told[-1]


def test_a_key_that_stands_twice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": 1, "a": 2, "b": 1, "b": 2}')
    _, _, looks = ended(follow(reader(key="a"), str(path)))
    assert looks[0].warnings == {
        "key twice": "the key 'a' stands twice in one object of JSON: the last counts"
    }


def test_what_is_too_large_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST_CHARS", 1000)
    path = tmp_path / "x.json"
    path.write_text('{"b": [' + "1,\n" * 2000)
    follower = follow(reader(key="a"), str(path))
    assert not follower.read(ended=False, limit_bytes=LIMIT).measurements
    with path.open("a") as file:
        file.write('{"a": 3}\n')
    assert ended(follower)[0] == []
    assert "longer than 1,000 characters" in follower.problem()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "key must be the path to the number"),
        ({"key": "a..b"}, "key 'a..b' is no path into JSON"),
        ({"key": "a[b]"}, "is no path into JSON"),
        ({"metric": "a[b]"}, "metric 'a\\[b\\]' is no path into JSON"),
        ({"key": 7}, "key must be"),
        ({"key": "a", "step": "a["}, "step 'a\\[' is no path"),
        ({"key": "a", "step": 1}, "step must be a path"),
        ({"key": "a", "versions": "some"}, "versions must be one of 'last', 'all'; got 'some'"),
    ],
)
def test_a_mistake_in_a_description_is_told(options: dict[str, Any], told: str) -> None:
    with pytest.raises(SpecError, match=told):
        reader(**options)
