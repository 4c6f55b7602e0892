"""The contract of readers, as checks that anyone can run against their own.

With pytest:

    @pytest.mark.parametrize("check", READER_CHECKS)
    def test_my_reader(check, my_place):
        check(my_place)
"""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from automl.errors import ReadError
from automl.readers.follower import Follower, Look
from automl.readers.registry import follow
from automl.study.tasks.reader import Reader, check_reader, described_reader
from automl.testing.contract import ContractError, demand

LIMIT_BYTES = 1 << 20
MOST_LOOKS = 10_000


class ReaderPlace(Protocol):
    """What a reader's author gives to the checks: a file that is not there yet, and its form."""

    @property
    def path(self) -> str:
        """The file that is read; its folder exists."""
        ...

    def reader(self) -> Reader:
        """Return the description of a reader of that file."""
        ...

    def text(self, value: float) -> str:
        """Return what a program writes to tell one number, with its last newline if it has one."""
        ...


def check_reader_describes_itself(place: ReaderPlace) -> None:
    """A description is plain values from which an equal one can be made."""
    reader = check_reader(place.reader())
    told = json.loads(json.dumps(described_reader(reader)))
    kind = told.pop("type", reader.type)
    demand(kind == reader.type, f"the type {reader.type!r} was described as {kind!r}")
    again = type(reader)(**told)
    demand(again == reader, f"{told!r}, its own description, made {again!r} of {reader!r}")


def check_reader_bears_a_missing_file(place: ReaderPlace) -> None:
    """A file that is not there yet has nothing new, and its absence can be told in words."""
    follower = _follower(place)
    for ended in (False, True):
        values = _values(place, follower, ended=ended)
        demand(not values, f"there was no file, but {values} were read")
    _demand_problem(follower)
    follower.close()


def check_reader_reads_each_number_once(place: ReaderPlace) -> None:
    """What is appended is read once, in its order, under the name of the reader's metric."""
    follower = _follower(place)
    for numbers in ([0.5, 0.25], [0.125], []):
        _append(place, numbers)
        values = _values(place, follower, ended=False)
        demand(values == numbers, f"{numbers} were written, but {values} were read")
    values = _values(place, follower, ended=True)
    demand(not values, f"all was read, but at the end {values} were read once more")
    follower.close()


def check_reader_reads_all_that_is_there_once_it_ended(place: ReaderPlace) -> None:
    """A last number without its newline counts once nothing will be written any more."""
    follower = _follower(place)
    _append(place, [0.5])
    _write(place, place.text(0.25).rstrip("\n"))
    values = _values(place, follower, ended=False) + _values(place, follower, ended=True)
    demand(values == [0.5, 0.25], f"0.5 and 0.25 were written, but {values} were read")
    follower.close()


def check_reader_goes_on_until_there_is_no_more(place: ReaderPlace) -> None:
    """Small looks find what one large look finds, and tell that there is more until then."""
    follower = _follower(place)
    numbers = [number / 8 for number in range(50)]
    _append(place, numbers)
    values = _values(place, follower, ended=True, limit_bytes=7)
    demand(values == numbers, f"{len(numbers)} numbers were written, {values} were read")
    follower.close()


def check_reader_begins_again_with_a_file_written_anew(place: ReaderPlace) -> None:
    """Numbers of a file that is written anew no longer count, once it has its first number."""
    follower = _follower(place)
    _append(place, [0.5, 0.25])
    _values(place, follower, ended=False)
    Path(place.path).with_suffix(".new").write_text(place.text(0.75), encoding="utf-8")
    Path(place.path).with_suffix(".new").rename(place.path)
    counted = _values(place, follower, ended=True, before=[0.5, 0.25])
    demand(
        counted == [0.75],
        f"a file with 0.5 and 0.25 was replaced by one with 0.75, but {counted} count",
    )
    follower.close()


def check_reader_bears_anything(place: ReaderPlace) -> None:
    """Bytes that no program would write give no number, no error, and a problem in words."""
    follower = _follower(place)
    Path(place.path).write_bytes(b"\0\xff\xfe{[(\n\r\n" + b"x" * 70_000 + b"\n\xc3(\n")
    values = _values(place, follower, ended=True)
    demand(not values, f"nothing that is a number was written, but {values} were read")
    _demand_problem(follower)
    follower.close()


def check_reader_tells_what_cannot_be_read(place: ReaderPlace) -> None:
    """What is no file raises ReadError, and is read once there is a file in its place."""
    follower = _follower(place)
    Path(place.path).mkdir()
    try:
        follower.read(ended=False, limit_bytes=LIMIT_BYTES)
    except ReadError:
        pass
    else:
        raise ContractError("a folder stood in the place of the file, but no ReadError was raised")
    Path(place.path).rmdir()
    _append(place, [0.5])
    values = _values(place, follower, ended=True)
    demand(values == [0.5], f"0.5 was written once it was a file, but {values} were read")
    follower.close()


def check_reader_tells_numbers_that_are_not_finite(place: ReaderPlace) -> None:
    """NaN is a number that is read, if the form has it, and its problem can be told in words."""
    follower = _follower(place)
    _append(place, [0.5, math.nan])
    values = _values(place, follower, ended=True)
    demand(values[:1] == [0.5], f"0.5 was written first, but {values} were read")
    demand(len(values) == 1 or math.isnan(values[1]), f"0.5 and nan became {values}")
    _demand_problem(follower)
    follower.close()


def check_reader_does_not_keep_files_open(place: ReaderPlace) -> None:
    """Two followers of one file do not disturb each other, and `close` leaves the file alone."""
    _append(place, [0.5])
    first, second = _follower(place), _follower(place)
    for follower in (first, second):
        values = _values(place, follower, ended=False)
        demand(values == [0.5], f"0.5 was written, but one of two followers read {values}")
        follower.close()
    demand(Path(place.path).is_file(), "`close` removed the file")


def _follower(place: ReaderPlace) -> Follower:
    return follow(check_reader(place.reader()), place.path)


def _append(place: ReaderPlace, numbers: Sequence[float]) -> None:
    _write(place, "".join(place.text(number) for number in numbers))


def _write(place: ReaderPlace, text: str) -> None:
    with Path(place.path).open("a", encoding="utf-8") as file:
        file.write(text)


def _values(
    place: ReaderPlace,
    follower: Follower,
    *,
    ended: bool,
    limit_bytes: int = LIMIT_BYTES,
    before: Sequence[float] = (),
) -> list[float]:
    """Return the numbers that count once all is read, those of `before` first."""
    metric = place.reader().metric
    values = list(before)
    for _ in range(MOST_LOOKS):
        look: Look = follower.read(ended=ended, limit_bytes=limit_bytes)
        if metric in look.measurements:
            points = look.measurements[metric]
            if points.restarted:
                values = []
            values += points.values
            demand(
                points.steps is None or len(points.steps) == len(points.values),
                f"{len(points.values)} numbers came with other than as many steps: {points}",
            )
        if not look.more:
            return values
    raise ContractError(f"`read` told {MOST_LOOKS} times that there is more of {place.path}")


def _demand_problem(follower: Follower) -> None:
    problem = follower.problem()
    demand(
        isinstance(problem, str) and problem and "\n" not in problem,
        f"`problem` must tell in one line why there is no number, got {problem!r}",
    )


READER_CHECKS: tuple[Callable[[ReaderPlace], None], ...] = (
    check_reader_describes_itself,
    check_reader_bears_a_missing_file,
    check_reader_reads_each_number_once,
    check_reader_reads_all_that_is_there_once_it_ended,
    check_reader_goes_on_until_there_is_no_more,
    check_reader_begins_again_with_a_file_written_anew,
    check_reader_bears_anything,
    check_reader_tells_what_cannot_be_read,
    check_reader_tells_numbers_that_are_not_finite,
    check_reader_does_not_keep_files_open,
)
"""All checks; each takes a place of its own and raises ContractError."""
