import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask

WORDS = st.text(st.characters(exclude_characters="\0", codec="utf-8"))


@given(st.lists(WORDS))
def test_words_stay_what_they_are(words: list[str]) -> None:
    cmd: Any = ["./run", *words]
    assert BashTask(cmd=cmd).cmd == ("./run", *words)


def test_an_empty_first_word_is_refused() -> None:
    message = "task: the first word of cmd is empty, got ['', 'a']; it names the program to start"
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        BashTask(cmd=("", "a"))


def test_numbers_become_words() -> None:
    cmd: Any = ["./run", 3, 0.5, 1e-05]
    assert BashTask(cmd=cmd).cmd == ("./run", "3", "0.5", "1e-05")


def test_a_string_stays_a_line_for_the_shell() -> None:
    line = "python train.py > out.log && echo done"
    assert BashTask(cmd=line).cmd == line


@pytest.mark.parametrize("wrong", [True, None, b"a", ["a"], {"a": 1}])
def test_a_word_is_a_string_or_a_number(wrong: Any) -> None:
    message = f"task: each word of cmd must be a string or a number, got {wrong!r}"
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        BashTask(cmd=("python", wrong))


@pytest.mark.parametrize("blank", ["", " ", "\n\t"])
def test_an_empty_line_is_refused(blank: str) -> None:
    with pytest.raises(SpecError, match=r"^task: cmd is an empty string; give a command$"):
        BashTask(cmd=blank)


@pytest.mark.parametrize("wrong", [[], (), None, 3, {"a": 1}, {"a"}])
def test_a_command_is_a_list_or_a_string(wrong: Any) -> None:
    message = f"task: cmd must be a list of words or one string, got {wrong!r}; for example ['pyth"
    with pytest.raises(SpecError, match=re.escape(message)):
        BashTask(cmd=wrong)


@pytest.mark.parametrize(
    ("cmd", "named"), [("echo a\0b", r"cmd 'echo a\x00b'"), (("echo", "a\0b"), r"word 'a\x00b'")]
)
def test_a_nul_is_refused_in_words_and_lines(cmd: Any, named: str) -> None:
    with pytest.raises(SpecError, match=re.escape(f"task: {named} has a NUL character")):
        BashTask(cmd=cmd)


@pytest.mark.parametrize("wrong", ["reader", {"location": "a"}, LocalReader])
def test_a_metric_reader_must_be_one(wrong: Any) -> None:
    message = f"task: metric_reader must come from reader.create(...), got {wrong!r}"
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        BashTask(cmd="true", metric_reader=wrong)


@pytest.mark.parametrize("field", ["location", "parser_pattern"])
@pytest.mark.parametrize("wrong", ["", None, 3, b"a", re.compile("(a)")])
def test_a_reader_needs_two_texts(field: str, wrong: Any) -> None:
    message = f"reader: {field} must be a non-empty string, got {wrong!r}"
    with pytest.raises(SpecError, match=f"^{re.escape(message)}$"):
        LocalReader(**{"location": "a", "parser_pattern": "(b)", field: wrong})


@pytest.mark.parametrize("broken", ["(", "[a", "(?P<x)", "*a"])
def test_a_pattern_that_does_not_compile_is_shown_with_one_that_does(broken: str) -> None:
    with pytest.raises(SpecError, match=re.escape(f"{broken!r} does not compile: ")) as caught:
        LocalReader(location="a", parser_pattern=broken)
    assert r"an example that does: 'accuracy: (\S+)'" in str(caught.value)
    assert isinstance(caught.value.__cause__, re.error)


@pytest.mark.parametrize("bare", [r"\d+", "(?:a|b)", r"\(a\)"])
def test_a_pattern_without_a_group_is_told_where_it_goes(bare: str) -> None:
    with pytest.raises(SpecError, match=re.escape(f"{bare!r} has no group; put parentheses")):
        LocalReader(location="a", parser_pattern=bare)


def test_a_pattern_with_a_group_is_kept_as_written() -> None:
    pattern = "(\\d.\\d+)"
    assert LocalReader(location="a", parser_pattern=pattern).parser_pattern == pattern


def test_a_group_for_the_step_alone_is_not_enough() -> None:
    with pytest.raises(SpecError, match="has only the group for the step; put parentheses"):
        LocalReader(location="a.log", parser_pattern=r"epoch (?P<step>\d+): \S+")
    LocalReader(location="a.log", parser_pattern=r"epoch (?P<step>\d+): (\S+)")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([0], (0,)),
        ([20, 0, 10, 10], (0, 10, 20)),
        ((10,), (10,)),
        (range(3), (0, 1, 2)),
        ({5}, (5,)),
    ],
)
def test_codes_of_success_are_kept_in_order(given: object, kept: tuple[int, ...]) -> None:
    made = BashTask(cmd="true", success_codes=given)  # type: ignore[arg-type]
    assert made.success_codes == kept
    assert ("success_codes" in repr(made)) == (kept != (0,))
    assert made.describe() == BashTask(cmd="true").describe()


@pytest.mark.parametrize("wrong", [[], 0, "0", None, [True], [0.0], ["0"], [-1], [256], [None]])
def test_other_codes_are_refused(wrong: Any) -> None:
    with pytest.raises(SpecError, match=r"success_codes must be a list of exit codes.*\[0, 10\]"):
        BashTask(cmd="true", success_codes=wrong)
