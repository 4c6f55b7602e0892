import shlex
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.render.patch.formats import patcher_of
from automl.render.patch.lines.env_format import EnvFormat
from automl.render.patch.patcher import Patcher
from automl.render.patch.patching import patch
from automl.testing import FORMAT_CHECKS, FormatSample

TEXT = "# how it is trained\nexport LR=1e-5\nNAME='adam'  # which\nSIZE=\"64\"\n"


def variables(text: str) -> Mapping[str, Any]:
    """Return what a shell makes of a text without references."""
    words = shlex.split(text, comments=True)
    return dict(word.split("=", 1) for word in words if "=" in word)


@pytest.mark.parametrize("check", FORMAT_CHECKS)
def test_env_keeps_the_contract(check: Callable[[Patcher, FormatSample], None]) -> None:
    values = (7, 0.5, True, "a b", "7", "it's", 'say "x"', "a\nb", "$HOME")
    check(EnvFormat(), FormatSample(text=TEXT, read=variables, values=values, missing="NEW"))


@settings(max_examples=60, deadline=None)
@given(
    value=st.text(alphabet="aé '\"\\$`#=\n!;&|", max_size=8),
    old=st.sampled_from(["1", "a b", '"x"', "'x'", "", '"a b" # c']),
)
def test_a_shell_reads_what_was_written(value: str, old: str) -> None:
    text = f"A=1\nB={old}\nC=2\n"
    try:
        patched = patch(EnvFormat(), text, {"B": value})
    except SpecError as error:
        assert "no quotes keep" in str(error)  # noqa: PT017
        assert "'" in value or "\\" in value
        return
    if old != "a b":
        assert variables(patched) == {"A": "1", "B": value, "C": "2"}
    assert EnvFormat().data(patched) == {"A": "1", "B": value, "C": "2"}


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("A=1", 0.5, "A=0.5"),
        ("A = 1 # c\n", 2, "A = 2 # c\n"),
        ("A='x' # c\n", "y", "A='y' # c\n"),
        ('A="x"\n', 3, 'A="3"\n'),
        ('A="x"\n', "$5", "A='$5'\n"),
        ("A='x'\n", "it's", 'A="it\'s"\n'),
        ("A=x y z # c\n", "p q", "A=p q # c\n"),
        ("A=x\n", "p q", "A='p q'\n"),
        ("A=\n", "v", "A=v\n"),
        ("A= # c\n", "v", "A= v # c\n"),
        ("A=x#y\n", "z", "A=z\n"),
        ('A="1\n2"\nB=3\n', "4", 'A="4"\nB=3\n'),
        ("A=yes\n", False, "A=no\n"),
        ("A=1\nA=2\n", 3, "A=1\nA=3\n"),
        ("set -e\nif x; then\nA=1\n", 3, "set -e\nif x; then\nA=3\n"),
    ],
)
def test_one_value_is_changed(text: str, value: Any, expected: str) -> None:
    assert patch(EnvFormat(), text, {"A": value}) == expected


@pytest.mark.parametrize(
    ("text", "path", "value", "told"),
    [
        ("LR=1\n", "LRR", 1, "it has no 'LRR'; the nearest: LR"),
        ("A=1\n", "A", "it's $5", 'no quotes keep "it\'s \\$5" as it is'),
        ("A=1\n", "A", None, ".env has no value None; its values are texts and numbers"),
        ("A=1\n", "A.b", 1, "it has no 'A.b'"),
        ('A=1\nB="x\n', "A", 1, "it is no .env: line 2: B: a quote that does not end"),
        ('A="x"y\n', "A", 1, "line 1: A: 'y' follows the quotes"),
    ],
)
def test_what_env_cannot_keep_is_refused(text: str, path: str, value: Any, told: str) -> None:
    with pytest.raises(SpecError, match=told):
        patch(EnvFormat(), text, {path: value})


def test_a_variable_is_added_by_a_name_that_shells_take() -> None:
    assert patch(EnvFormat(), "A=1", {"B": "x y"}, create=True) == "A=1\nB='x y'\n"
    with pytest.raises(SpecError, match="'a b' is no name of a variable"):
        patch(EnvFormat(), "A=1", {"['a b']": 1}, create=True)


@pytest.mark.parametrize("name", [".env", "conf/.env", "prod.env", ".env.local", ".ENV"])
def test_files_are_told_by_their_names(name: str) -> None:
    assert isinstance(patcher_of(name, None), EnvFormat)
