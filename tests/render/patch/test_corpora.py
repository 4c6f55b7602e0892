"""Files of each format, as people write them: a change of one value changes that value alone."""

import configparser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from automl.data_path.path import path_text
from automl.errors import SpecError
from automl.render.patch.compared import differences, with_value
from automl.render.patch.lines.env_format import EnvFormat
from automl.render.patch.lines.ini_format import IniFormat
from automl.render.patch.patcher import Patcher
from automl.render.patch.patching import patch
from automl.render.patch.protobuf.protobuf_format import ProtobufFormat
from automl.render.patch.python.python_format import PythonFormat
from automl.render.patch.toml_format import TomlFormat

CORPUS = Path(__file__).parent / "corpus"
FORMATS: dict[str, Patcher] = {
    "toml": TomlFormat(),
    "ini": IniFormat(),
    "env": EnvFormat(),
    "python": PythonFormat(),
    "protobuf": ProtobufFormat(),
}
FILES = [path for kind in FORMATS for path in sorted((CORPUS / kind).iterdir())]
NAMES = [f"{path.parent.name}-{path.name.partition('.')[0]}" for path in FILES]
MOST = 8
VALUES = (-3, 1e-05, True, "a b", 2.5, "0.5", False, "on")

Steps = tuple[str | int, ...]


def leaves(data: Any, above: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    pairs = list(data.items() if isinstance(data, dict) else enumerate(data))
    for step, value in pairs:
        if isinstance(value, dict | list):
            yield from leaves(value, (*above, step))
        else:
            yield (*above, step), value


def dictionaries(data: Any, above: Steps = ()) -> Iterator[Steps]:
    if isinstance(data, dict):
        yield above
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for step, value in list(pairs):
        if isinstance(value, dict | list):
            yield from dictionaries(value, (*above, step))


def read(path: Path) -> tuple[Patcher, str]:
    return FORMATS[path.parent.name], path.read_bytes().decode()


def changeable(patcher: Patcher, text: str) -> list[tuple[Steps, Any]]:
    """Return the leaves of a text that can be set; of Python, names that code changes cannot."""
    found = []
    for steps, value in list(leaves(patcher.data(text)))[:MOST]:
        try:
            patch(patcher, text, {path_text(steps): 1111})
        except SpecError as error:
            assert "is no plain assignment" in str(error), error  # noqa: PT017
        else:
            found.append((steps, value))
    return found


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_changed_value_is_read_back_and_all_else_stays_to_the_byte(path: Path) -> None:
    patcher, text = read(path)
    there = changeable(patcher, text)
    assert there
    for at, (steps, before) in enumerate(there):
        one, other = (patch(patcher, text, {path_text(steps): value}) for value in (1111, 2222))
        check_bytes(text, one, other, before)
        value = VALUES[at % len(VALUES)]
        try:
            changed = patch(patcher, text, {path_text(steps): value})
        except SpecError as error:
            # No program could tell that what follows a text is a comment.
            assert "cannot keep such a value" in str(error), error  # noqa: PT017
            assert (value, path.stem[:6]) == ("a b", "inline"), steps
            continue
        expected = with_value(patcher.data(text), steps, patcher.as_read(value, before))
        assert not list(differences(patcher.data(changed), expected))
        if type(before) in {str, int, float}:
            back = patch(patcher, changed, {path_text(steps): before})
            assert not list(differences(patcher.data(back), patcher.data(text)))


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many items two begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def check_bytes(text: str, one: str, other: str, before: Any) -> None:
    """Two values without a common character show where they stand, to the byte."""
    head = one[: common(one, other)]
    tail = one[len(one) - common(one[::-1], other[::-1]) :]
    assert len(head) + 4 + len(tail) == len(one)
    if before in {"", None} or str(before)[:1] == "\n":
        head, tail = head.rstrip(" ="), tail.lstrip(" ")
    assert text.startswith(head), one
    assert text.endswith(tail), one
    assert len(head) + len(tail) <= len(text), one


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_key_is_added_and_each_line_stays(path: Path) -> None:
    patcher, text = read(path)
    for steps in list(dictionaries(patcher.data(text)))[:MOST]:
        try:
            added = patch(patcher, text, {path_text((*steps, "zz_new")): 5}, create=True)
        except SpecError as error:
            assert "first value" in str(error) or "no plain" in str(error), error  # noqa: PT017
            continue
        old, new = text.splitlines(keepends=True), added.splitlines(keepends=True)
        above = common(old, new)
        below = common(old[above:][::-1], new[above:][::-1])
        assert len(old) - above - below <= 1, (steps, added)


PARSER = {"strict": False, "allow_no_value": True, "interpolation": None, "default_section": "\0"}
OF_THEIR_OWN = {"inline_comments", "inline_hash_only", "quoted"}
"""INI files that configparser reads otherwise: comments behind values, quotes around them."""


@pytest.mark.parametrize("path", sorted((CORPUS / "ini").iterdir()), ids=lambda path: path.stem)
def test_ini_is_read_as_configparser_reads_it(path: Path) -> None:
    patcher, text = read(path)
    parser = configparser.ConfigParser(**PARSER)
    try:
        parser.read_string(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except configparser.MissingSectionHeaderError:
        assert all(isinstance(one, str) for one in list(patcher.data(text).values())[:1])
        return
    found = {
        section: {key.lower(): value for key, value in options.items()}
        for section, options in patcher.data(text).items()
    }
    expected = {section: dict(parser.items(section)) for section in parser.sections()}
    assert (found == expected) is (path.stem not in OF_THEIR_OWN)


def at(namespace: Any, steps: Steps) -> Any:
    """Return what a program finds at a place."""
    for step in steps:
        if isinstance(namespace, dict):
            known = step if step in namespace else int(step)
            namespace = namespace[known]
        else:
            inside = isinstance(namespace, list | tuple)
            namespace = namespace[step] if inside else getattr(namespace, str(step))
    return namespace


@pytest.mark.parametrize("path", sorted((CORPUS / "python").iterdir()), ids=lambda one: one.name)
def test_python_runs_with_the_changed_value(path: Path) -> None:
    patcher, text = read(path)
    for steps, _ in changeable(patcher, text):
        for value in (1111, "it's", -0.5):
            namespace: dict[str, Any] = {"__name__": "config"}
            exec(patch(patcher, text, {path_text(steps): value}).removeprefix("\ufeff"), namespace)  # noqa: S102
            assert at(namespace, steps) == value, steps
