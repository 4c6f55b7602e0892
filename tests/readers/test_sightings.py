"""Where the numbers stand that readers find: the line of the file, and the place in it."""

import math
from pathlib import Path

import pytest
from test_log_styles import FOUND, STYLES, WITHOUT_STEPS

from automl.readers.follower import Follower
from automl.readers.numbers.word import word_of
from automl.readers.registry import follow, make_reader
from automl.readers.sighting import Sighting


def seen(follower: Follower, *, limit_bytes: int = 1 << 20) -> tuple[list[Sighting], list[float]]:
    """Return what is told of the numbers of a file, and the numbers."""
    told: list[Sighting] = []
    follower.watch(told.append)  # type: ignore[attr-defined] # of our own readers
    values: list[float] = []
    more = True
    while more:
        look = follower.read(ended=True, limit_bytes=limit_bytes)
        more = look.more
        for points in look.measurements.values():
            values = list(points.values) if points.restarted else values + list(points.values)
    return told, values


def by_pattern(path: Path, pattern: str) -> Follower:
    options = {"location": str(path), "parser_pattern": pattern}
    return follow(make_reader("local_reader", options), str(path))


@pytest.mark.parametrize("style", [*FOUND, *WITHOUT_STEPS])
@pytest.mark.parametrize("limit_bytes", [1 << 20, 50])
def test_each_number_of_each_style_is_shown_where_it_stands(style: str, limit_bytes: int) -> None:
    name, expected, _ = (FOUND | WITHOUT_STEPS)[style]
    path = STYLES / f"{style}.log"
    follower = follow(make_reader("stdout_reader", {"metric": name}), str(path))
    told, values = seen(follower, limit_bytes=limit_bytes)
    assert values == pytest.approx(expected)
    assert [one.value for one in told][-len(values) :] == values
    physical = path.read_bytes().decode("utf-8").split("\n")
    for one in told:
        assert one.path == str(path)
        if "\x1b" not in physical[one.number - 1]:
            assert one.line in physical[one.number - 1].replace("\r", "\n").split("\n")
        if one.span is not None and not set("(,") & set(one.line[slice(*one.span)]):
            word = word_of(one.line[slice(*one.span)])
            assert word is not None
            assert word.value == one.value
    assert sum(one.span is None for one in told) == UNSURE.get(style, 0)


UNSURE = {"classification_report": 1}
"""How many numbers of a table stand in their line more than once."""


@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_lines_are_numbered_as_in_an_editor(tmp_path: Path, chunk: int) -> None:
    path = tmp_path / "metric.log"
    path.write_bytes(b"start\n\n\n10%\r20%\racc=0.5\r\nacc=0.75 acc=0.8\n\nepoch\nacc=0.9")
    told, values = seen(by_pattern(path, r"acc=(\S+)"), limit_bytes=chunk)
    assert values == [0.5, 0.75, 0.8, 0.9]
    assert [(one.number, one.line, one.span) for one in told] == [
        (4, "acc=0.5", (4, 7)),
        (5, "acc=0.75 acc=0.8", (4, 8)),
        (5, "acc=0.75 acc=0.8", (13, 16)),
        (8, "acc=0.9", (4, 7)),
    ]
    assert all(math.isnan(one.step) for one in told)


def test_steps_are_told_and_what_is_no_number_has_no_place(tmp_path: Path) -> None:
    path = tmp_path / "metric.log"
    path.write_text("epoch 1: acc=none acc=50%\nepoch 2: acc=\x1b[1m60%\x1b[0m\n")
    told, _ = seen(by_pattern(path, r"epoch (?P<step>\d+)|acc=(?P<value>\S+)"))
    assert [(one.value, one.step, one.line[slice(*one.span)]) for one in told if one.span] == [
        (50.0, 1.0, "50%"),
        (60.0, 2.0, "60%"),
    ]


def test_a_file_that_is_written_anew_begins_with_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "metric.log"
    follower = by_pattern(path, r"acc=(\S+)")
    told: list[Sighting] = []
    follower.watch(told.append)  # type: ignore[attr-defined] # of our own readers
    for text in ("epoch\nepoch\nacc=1\n", "acc=2\n"):
        path.unlink(missing_ok=True)
        path.write_text(text)
        follower.read(ended=False, limit_bytes=1 << 20)
    assert [(one.number, one.value) for one in told] == [(3, 1), (1, 2)]


def test_only_the_stream_that_counts_is_shown(tmp_path: Path) -> None:
    (tmp_path / "stdout.log").write_text("acc 1\nacc 2\n")
    (tmp_path / "stderr.log").write_text("acc 3\n")
    reader = make_reader("stdout_reader", {"metric": "acc"})
    told, values = seen(follow(reader, str(tmp_path / "stdout.log")))
    assert values == [1, 2]
    assert [Path(one.path).name for one in told] == ["stdout.log"] * 2
