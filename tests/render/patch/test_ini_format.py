import configparser
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.lines.ini_format import IniFormat
from automl.render.patch.patcher import Patcher
from automl.render.patch.patching import patch
from automl.testing import FORMAT_CHECKS, FormatSample

TEXT = """; how it is trained
[optimizer]
lr = 1e-5
Name: adam

[layers]
size=64
flag = Yes
"""


def ini_of_paths(text: str) -> Mapping[str, Any]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read_string(text)
    names = ("optimizer.lr", "optimizer.Name", "layers.size", "layers.flag")
    return {name: parser[name.split(".")[0]][name.split(".")[1]] for name in names}


@pytest.mark.parametrize("check", FORMAT_CHECKS)
def test_ini_keeps_the_contract(check: Callable[[Patcher, FormatSample], None]) -> None:
    values = (7, 0.5, True, "a b", "7", -1e300, "x = y")
    check(
        IniFormat(),
        FormatSample(text=TEXT, read=ini_of_paths, values=values, missing="layers.new"),
    )


words = st.text(alphabet="aB1_é", min_size=1, max_size=4)
values = st.text(alphabet="aé 1=:;#%\"'[]$,.", max_size=8).map(str.strip)


@settings(max_examples=40, deadline=None)
@given(
    document=st.dictionaries(
        words, st.dictionaries(words.map(str.lower), values, min_size=1), min_size=1
    ),
    value=values | st.integers() | st.floats(allow_nan=False),
    data=st.data(),
)
def test_what_is_written_is_what_configparser_reads(
    document: dict[str, dict[str, str]], value: Any, data: st.DataObject
) -> None:
    parser = configparser.RawConfigParser(default_section="\0")
    text = "".join(
        f"[{name}]\n" + "".join(f"{key} = {one}\n" for key, one in options.items())
        for name, options in document.items()
    )
    section = data.draw(st.sampled_from(sorted(document)))
    key = data.draw(st.sampled_from(sorted(document[section])))
    try:
        patched = patch(IniFormat(), text, {path_text((section, key)): value})
    except SpecError as error:
        assert "cannot keep such a value" in str(error)  # noqa: PT017
        return
    parser.read_string(patched)
    found = {name: dict(parser[name]) for name in parser.sections()}
    quoted = document[section][key][:1] in {"'", '"'}
    if not quoted:
        written = found[section].pop(key)
        as_read = IniFormat().as_read(value, None)
        assert written == as_read or written.startswith(
            (f"{as_read} ", f"{as_read};", f"{as_read}#")
        )
        parser.read_string(text)
        before = {name: dict(parser[name]) for name in parser.sections()}
        del before[section][key]
        assert found == before


@pytest.mark.parametrize(
    ("text", "path", "value", "expected"),
    [
        ("lr = 1 ; rate\n", "lr", 0.5, "lr = 0.5 ; rate\n"),
        ("lr = 1 ; rate\nopt = a ; b\n", "opt", "c", "lr = 1 ; rate\nopt = c ; b\n"),
        ("lr = 1\nopt = a ; b\n", "opt", "c", "lr = 1\nopt = c\n"),
        ("lr = ; none\nn = 1 ; x\n", "lr", 1, "lr = 1 ; none\nn = 1 ; x\n"),
        ("color = #fff\nn = 1 # x\n", "n", 2, "color = #fff\nn = 2 # x\n"),
        ('s = "a b"\n', "s", "c", 's = "c"\n'),
        ('s = "0.1"\n', "s", 0.5, 's = "0.5"\n'),
        ("a = 1\n  2\n  3\nb = 4\n", "a", "5\n6", "a = 5\n  6\nb = 4\n"),
        ("a =\n  1\n", "a", "5", "a = 5\n"),
        ("a = 1\na = 2\n", "a", 3, "a = 1\na = 3\n"),
        ("[s]\nx=1\n[t]\n[s]\nx=2\n", "s.x", 3, "[s]\nx=1\n[t]\n[s]\nx=3\n"),
        ("[s]\nLearningRate=1\n", "s.learningrate", 3, "[s]\nLearningRate=3\n"),
        ("[s.t]\nx=1\n", "['s.t'].x", 3, "[s.t]\nx=3\n"),
        ("[s]\nskip\n", "s.skip", 3, "[s]\nskip = 3\n"),
        ("on = Off\n", "on", True, "on = On\n"),
        ("on = 0\n", "on", True, "on = 1\n"),
        ("on = 5\n", "on", True, "on = true\n"),
        ("p = %(a)s/b\n", "p", "50%%", "p = 50%%\n"),
        ("x = 1", "x", 1e-05, "x = 0.00001"),
    ],
)
def test_one_value_is_changed(text: str, path: str, value: Any, expected: str) -> None:
    assert patch(IniFormat(), text, {path: value}) == expected


@pytest.mark.parametrize(
    ("text", "path", "value", "told"),
    [
        ("[s]\nlr = 1\n", "s.lR2", 1, "it has no 's.lR2'; the nearest: s.lr"),
        ("[s]\nlr = 1\n", "s", 1, "INI has sections with keys"),
        ("[s]\nlr = 1\n", "s.lr.x", 1, "it has no 's.lr.x'"),
        ("lr = 1\n", "lr", [1], "'lr': INI has no value \\[1\\]; its values are texts and numbers"),
        ("lr = 1\n", "lr", None, "INI has no value None"),
        ("lr = 1\n", "lr", " a", "cannot keep such a value: 'lr' would become another"),
        ("lr = 1\n", "lr", "a\n; b", "cannot keep such a value"),
        ("lr = 1\n", "lr", '"a"', "cannot keep such a value"),
        ("lr = 1 # x\n", "lr", "a # b", "cannot keep such a value"),
        ("LR = 1\nlr = 2\n", "lr", 3, "LR in line 1 and lr in line 2 are one key to some programs"),
        ("a = 1\n= 2\n", "a", 3, "it is no INI: line 2: a value without a key: = 2"),
    ],
)
def test_what_ini_cannot_keep_is_refused(text: str, path: str, value: Any, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        patch(IniFormat(), text, {path: value})


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "a", "a = 5\n"),
        ("", "s.a", "[s]\na = 5\n"),
        ("x: 1", "a", "x: 1\na: 5"),
        ("x=1\n[s]\n\n[t]\ny=2\n", "s.a", "x=1\n[s]\na=5\n\n[t]\ny=2\n"),
        ("[s]\n  x = 1\n\n; end\n", "s.a", "[s]\n  x = 1\n  a = 5\n\n; end\n"),
        ("[s]\r\nx = 1\r\n", "t.a", "[s]\r\nx = 1\r\n\r\n[t]\r\na = 5\r\n"),
        ("[s]\nx = 1\n  2\n", "s.a", "[s]\nx = 1\n  2\na = 5\n"),
        ("# c\n[s]\nx = 1\n", "a", "# c\na = 5\n[s]\nx = 1\n"),
    ],
)
def test_what_is_missing_is_added(text: str, path: str, expected: str) -> None:
    assert patch(IniFormat(), text, {path: 5}, create=True) == expected
