import difflib
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.registry import Registry, did_you_mean


def _local(*, location: str, parser_pattern: str, tail: int = 0) -> tuple[Any, ...]:
    return ("local", location, parser_pattern, tail)


def _silent() -> tuple[Any, ...]:
    return ("silent",)


def _open(first: int, *more: int, **options: object) -> tuple[Any, ...]:
    return ("open", first, more, options)


READERS: Registry[tuple[Any, ...]] = Registry(
    "reader", {"local_reader": _local, "silent": _silent, "open": _open}
)


def test_it_makes_what_the_name_stands_for() -> None:
    made = READERS.create("local_reader", {"location": "a", "parser_pattern": "b"})
    assert made == ("local", "a", "b", 0)


def test_a_given_default_counts() -> None:
    options = {"location": "a", "parser_pattern": "b", "tail": 5}
    assert READERS.create("local_reader", options)[-1] == 5


def test_names_are_sorted_and_options_in_the_order_of_the_signature() -> None:
    assert READERS.names() == ["local_reader", "open", "silent"]
    assert READERS.options("local_reader") == ["location", "parser_pattern", "tail"]
    assert READERS.options("open") == ["first"]


def test_an_unknown_type_lists_the_known_and_the_nearest() -> None:
    message = (
        "reader type 'LocalReader' is unknown (did you mean 'local_reader'?); "
        "known types: local_reader, open, silent"
    )
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        READERS.create("LocalReader", {})


@pytest.mark.parametrize("name", [None, 3, ["local_reader"], {}])
def test_a_type_that_is_no_string_is_unknown(name: object) -> None:
    with pytest.raises(SpecError, match=re.escape(f"reader type {name!r} is unknown")):
        READERS.create(name, {})


def test_an_unknown_option_lists_the_known_and_the_nearest() -> None:
    message = (
        "reader type 'local_reader' has no option 'locaton' (did you mean 'location'?); "
        "known options: location, parser_pattern, tail"
    )
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        READERS.create("local_reader", {"locaton": "a", "parser_pattern": "b"})


def test_a_type_without_options_says_so() -> None:
    with pytest.raises(SpecError, match=r"has no option 'tail'; known options: none$"):
        READERS.create("silent", {"tail": 1})


def test_missing_options_are_all_named_beside_the_given_ones() -> None:
    message = "reader type 'local_reader' needs location=, parser_pattern=; given: tail="
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        READERS.create("local_reader", {"tail": 1})
    with pytest.raises(SpecError, match=r"given: nothing$"):
        READERS.create("local_reader", {})


def test_a_factory_with_open_options_takes_any_and_needs_only_the_named() -> None:
    assert READERS.create("open", {"first": 1, "x": 2}) == ("open", 1, (), {"x": 2})
    with pytest.raises(SpecError, match=r"needs first=; given: x=$"):
        READERS.create("open", {"x": 2})


def test_later_changes_of_the_mapping_do_not_reach_the_registry() -> None:
    factories = {"silent": _silent}
    registry: Registry[tuple[Any, ...]] = Registry("reader", factories)
    factories["late"] = _silent
    assert registry.names() == ["silent"]


def test_a_name_is_added_once() -> None:
    registry: Registry[tuple[Any, ...]] = Registry("reader", {"silent": _silent})
    registry.add("local", _local)
    registry.add("local", _local)
    assert registry.create("local", {"location": "a", "parser_pattern": "b"})[0] == "local"
    with pytest.raises(SpecError, match="reader type 'silent' is there already; give yours ano"):
        registry.add("silent", _local)
    assert registry.create("silent", {}) == ("silent",)


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a group of entry points of an installed package, two of which are broken."""
    (tmp_path / "plugged_in.py").write_text("def late(a=1):\n    return ('late', a)\nthree = 3\n")
    kept = tmp_path / "plugged_in-1.0.dist-info"
    kept.mkdir()
    (kept / "METADATA").write_text("Metadata-Version: 2.1\nName: plugged-in\nVersion: 1.0\n")
    (kept / "entry_points.txt").write_text(
        "[automl.toys]\nlate = plugged_in:late\nthree = plugged_in:three\n"
        "gone = plugged_in:gone\nsilent = plugged_in:late\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    return "automl.toys"


def test_an_installed_package_adds_names_and_a_broken_one_is_told_of(
    plugins: str, caplog: pytest.LogCaptureFixture
) -> None:
    registry: Registry[tuple[Any, ...]] = Registry("toy", {"silent": _silent}, group=plugins)
    assert registry.create("silent", {}) == ("silent",)
    assert caplog.messages == []
    assert registry.create("late", {"a": 2}) == ("late", 2)
    assert registry.names() == ["late", "silent"]
    assert registry.options("late") == ["a"]
    told = sorted(caplog.messages)
    assert told == [
        "the plugin plugged_in:gone of automl.toys cannot be loaded: left out",
        "the plugin plugged_in:three of automl.toys cannot be called: left out",
    ]
    assert registry.create("silent", {}) == ("silent",)


def test_an_unknown_name_lists_those_of_installed_packages(plugins: str) -> None:
    registry: Registry[tuple[Any, ...]] = Registry("toy", {"silent": _silent}, group=plugins)
    with pytest.raises(SpecError, match=r"did you mean 'late'\?\); known types: late, silent$"):
        registry.create("lat", {})


def test_case_is_no_obstacle_and_strangers_get_no_hint() -> None:
    assert did_you_mean("CATEGORICAL", ["Categorical", "Real"]) == " (did you mean 'Categorical'?)"
    assert did_you_mean("zzz", ["Categorical", "Real"]) == ""
    assert did_you_mean("x", []) == ""


@given(st.text(), st.lists(st.text(min_size=1), unique=True))
def test_a_hint_names_a_known_one_that_is_near(asked: str, known: list[str]) -> None:
    hint = did_you_mean(asked, known)
    near = [
        name
        for name in known
        if difflib.SequenceMatcher(None, name.casefold(), asked.casefold()).ratio() >= 0.6
    ]
    assert hint in {f" (did you mean {name!r}?)" for name in known} | {""}
    assert bool(hint) >= (asked in known)
    assert not hint or near
