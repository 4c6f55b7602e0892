"""What holds of every reader whatever becomes of its file, as checks that anyone can run.

A reader is one sample: its description, and the file that a program writes for given points.

    @pytest.mark.parametrize("check", READER_SAMPLE_CHECKS)
    def test_my_reader_bears_it(check, tmp_path):
        check(MY_SAMPLE, tmp_path)
"""

import os
import random
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from automl.errors import ReadError
from automl.readers.follower import Follower
from automl.readers.registry import follow
from automl.study.tasks.reader import Reader, check_reader
from automl.testing.contract import demand

Point: TypeAlias = tuple[float, float]
"""A step and its number."""

POINTS: Sequence[Point] = [(step, 1 + step / 8) for step in range(1, 9)]
OTHERS: Sequence[Point] = [(step, 100 + step / 8) for step in range(1, 6)]

LIMIT_BYTES = 1 << 20
MOST_LOOKS = 20_000
_ROUNDS = 12
_SPARSE_BYTES = 10 << 30
_SPARSE_LOOKS = 6
_MOST_MEMORY = 64 << 20
_DEEP = 10_000

HOSTILE: Sequence[bytes] = (
    b"[" * _DEEP,
    b'{"a":' * _DEEP,
    b"[" * _DEEP + b"]" * _DEEP,
    b"\0" * 70_000,
    b"\xff\xfe\xfd" * 1000,
    b"\xc3(\n\xf0\x28\x8c\x28\n",
    b'"' * 99_999,
    b"'\\" * 5000,
    b',"' * 20_000,
    b"," * 100_000,
    b";\t|," * 5000 + b"\n",
    b"9" * 20_000 + b"\n",
    b"1e400\n-1e400\nNaN\nInfinity\n",
    b"\xef\xbb\xbf",
    b"\r" * 5000 + b"\n\r" * 100,
    b"x" * 300_000,
    b"PK\x03\x04\x1f\x8b\x08SQLite format 3\0",
)
"""What no program would write that writes the metric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSample:
    """A kind of reader, and how a program writes the file that it reads.

    Args:
        reader: returns the description of a reader of a path.
        content: returns the whole file once a program has told these points.
        file_name: what the file is called.
        stepped: whether the reader tells the steps.
        tells_cuts: whether a file that was cut anywhere gives no part of a number, as its form
            shows where a number ends.
        checked: whether the form has checksums, so that no changed bit gives another number.
        text: whether it is text, which may begin with a byte order mark.
    """

    reader: Callable[[str], Reader]
    content: Callable[[Sequence[Point]], bytes]
    file_name: str = "odd 'name.log"
    stepped: bool = True
    tells_cuts: bool = False
    checked: bool = False
    text: bool = True


@dataclass(slots=True)
class Reading:
    """A follower of one file, and what counts of all that it gave.

    Args:
        sample: the kind of reader.
        path: the file.
    """

    sample: ReaderSample
    path: Path
    points: list[Point] = field(init=False, default_factory=list)
    _follower: Follower = field(init=False)
    _metric: str = field(init=False)

    def __post_init__(self) -> None:
        reader = check_reader(self.sample.reader(str(self.path)))
        self._metric = reader.metric
        self._follower = follow(reader, str(self.path))

    @property
    def values(self) -> list[float]:
        """The numbers that count by now."""
        return [value for _, value in self.points]

    def look(self, *, ended: bool, limit_bytes: int = LIMIT_BYTES) -> bool:
        """Make one look; tell whether there is more."""
        look = self._follower.read(ended=ended, limit_bytes=limit_bytes)
        found = look.measurements.get(self._metric)
        if found:
            if found.restarted:
                self.points = []
            steps = found.steps or [float("nan")] * len(found.values)
            self.points += zip(steps, found.values, strict=True)
        return look.more

    def to_end(self, *, ended: bool = True, limit_bytes: int = LIMIT_BYTES) -> "Reading":
        """Look until there is no more; something that cannot be read has no more."""
        for _ in range(MOST_LOOKS):
            try:
                if not self.look(ended=ended, limit_bytes=limit_bytes):
                    return self
            except ReadError:
                return self
        demand(holds=False, message=f"`read` told {MOST_LOOKS} times that there is more")
        return self

    def close(self) -> None:
        """Demand one line on why there is no number; then free the follower."""
        problem = self._follower.problem()
        one_line = isinstance(problem, str) and problem and "\n" not in problem
        demand(one_line, f"`problem` must be one line, got {problem!r}")
        self._follower.close()

    def demand_points(self, wanted: Sequence[Point], what: str) -> None:
        """Demand that these points count, and nothing else."""
        same = self.points == list(wanted) if self.sample.stepped else True
        values = [value for _, value in wanted]
        demand(
            same and self.values == values,
            f"{what}: {list(wanted)} were written, but {self.points} count",
        )

    def demand_known(self, *written: Sequence[Point], what: str) -> None:
        """Demand that each number that counts was written."""
        known = {value for points in written for _, value in points}
        wrong = [value for value in self.values if value not in known]
        demand(not wrong, f"{what}: {wrong} count, which were never written")


SampleCheck: TypeAlias = Callable[[ReaderSample, Path], None]


def check_sample_is_read_at_once(sample: ReaderSample, folder: Path) -> None:
    """A whole file gives all its points, in order; so it does behind a byte order mark."""
    marks = [b"", b"\xef\xbb\xbf"] if sample.text else [b""]
    for mark in marks:
        reading = _reading(sample, folder, mark + sample.content(POINTS)).to_end()
        reading.demand_points(POINTS, f"a whole file that begins with {mark!r}")
        reading.close()


def check_sample_is_read_alike_in_any_pieces(sample: ReaderSample, folder: Path) -> None:
    """A file that comes in any pieces gives what it gives at once, and nothing else meanwhile."""
    whole = sample.content(POINTS)
    for seed in range(_ROUNDS):
        draw = random.Random(seed)  # noqa: S311 - the same each time
        reading = _reading(sample, folder, b"")
        for piece in _pieces(whole, draw):
            with reading.path.open("ab") as file:
                file.write(piece)
            limit = draw.choice([1, 7, 64, LIMIT_BYTES])
            for _ in range(draw.randint(0, 3)):
                reading.look(ended=False, limit_bytes=limit)
            reading.demand_known(POINTS, what=f"a part of a file (seed {seed})")
        reading.to_end(limit_bytes=draw.choice([1, 7, LIMIT_BYTES]))
        reading.demand_points(POINTS, f"a file in pieces (seed {seed})")
        reading.close()


def check_sample_is_read_anew_when_rewritten(sample: ReaderSample, folder: Path) -> None:
    """Of a file that is written anew, however that is done, what counts is what stands in it."""
    ways = {"in place": _write_over, "by a rename": _rename_over, "in parts": _write_in_parts}
    for what, write in ways.items():
        for ended in (False, True):
            reading = _reading(sample, folder, sample.content(POINTS))
            reading.to_end(ended=False)
            write(reading.path, sample.content(OTHERS))
            reading.to_end(ended=ended)
            reading.demand_known(POINTS, OTHERS, what=f"a file written anew {what}")
            reading.to_end()
            reading.demand_points(OTHERS, f"a file written anew {what}")
            reading.close()


def check_sample_is_read_as_it_gets_longer(sample: ReaderSample, folder: Path) -> None:
    """A program that writes the whole file anew for each point is read as it stands at the end."""
    reading = _reading(sample, folder, b"")
    for count in range(1, len(POINTS) + 1):
        _rename_over(reading.path, sample.content(POINTS[:count]))
        reading.to_end(ended=False)
        reading.demand_known(POINTS, what="a file that gets longer")
    reading.to_end()
    reading.demand_points(POINTS, "a file that gets longer")
    reading.close()


def check_sample_gives_nothing_wrong_when_cut(sample: ReaderSample, folder: Path) -> None:
    """A file that ends in the middle gives what stands before, and no number that is not there."""
    whole = sample.content(POINTS)
    draw = random.Random(1)  # noqa: S311 - the same each time
    cuts = {1, len(whole) - 1, *(draw.randrange(len(whole)) for _ in range(5 * _ROUNDS))}
    for cut in sorted(cuts):
        reading = _reading(sample, folder, whole[:cut]).to_end()
        sure = reading.values if sample.tells_cuts else reading.values[:-1]
        wanted = [value for _, value in POINTS][: len(sure)]
        demand(sure == wanted, f"a file cut at {cut} of {len(whole)} bytes gives {reading.values}")
        reading.close()


def check_sample_bears_changed_bits(sample: ReaderSample, folder: Path) -> None:
    """A file in which bits are others is read to its end; a checksum lets no number through."""
    whole = sample.content(POINTS)
    for seed in range(5 * _ROUNDS):
        draw = random.Random(seed)  # noqa: S311 - the same each time
        changed = bytearray(whole)
        for _ in range(draw.randint(1, 4)):
            changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
        reading = _reading(sample, folder, bytes(changed)).to_end()
        if sample.checked:
            reading.demand_known(POINTS, what=f"a file with changed bits (seed {seed})")
        reading.close()


def check_sample_bears_hostile_content(sample: ReaderSample, folder: Path) -> None:
    """What is no such file gives nothing; before or behind one, it gives no other number."""
    whole = sample.content(POINTS)
    for hostile in HOSTILE:
        reading = _reading(sample, folder, hostile).to_end()
        demand(not reading.values, f"{hostile[:20]!r} gives {reading.values}")
        reading.close()
        for content in (hostile + b"\n" + whole, whole + hostile, whole + b"\n" + hostile):
            reading = _reading(sample, folder, content).to_end()
            reading.demand_known(POINTS, what=f"a file with {hostile[:20]!r} beside it")
            reading.close()


def check_sample_bears_what_is_no_file(sample: ReaderSample, folder: Path) -> None:
    """A pipe, a folder, a device, a link to itself: an error or nothing, and no waiting."""
    for place in (_pipe, _folder, _loop, _dangling, _device):
        reading = _reading(sample, folder, b"")
        reading.path.unlink()
        place(reading.path)
        reading.to_end(ended=False)
        reading.to_end()
        demand(not reading.values, f"{place.__name__[1:]}: gives {reading.values}")
        _remove(reading.path)
        reading.path.write_bytes(sample.content(POINTS))
        reading.to_end()
        reading.demand_points(POINTS, f"a file in the place of a {place.__name__[1:]}")
        reading.close()


def check_sample_bears_what_may_not_be_read(sample: ReaderSample, folder: Path) -> None:
    """A file that only others may read gives nothing, and all once it may be read."""
    reading = _reading(sample, folder, sample.content(POINTS))
    reading.path.chmod(0)
    readable = os.access(reading.path, os.R_OK)
    reading.to_end(ended=False)
    reading.to_end()
    demand(readable or not reading.values, f"a file of others gives {reading.values}")
    reading.path.chmod(0o600)
    reading.to_end()
    reading.demand_points(POINTS, "a file that may be read at last")
    reading.close()


def check_sample_is_never_held_whole(sample: ReaderSample, folder: Path) -> None:
    """A file of 10 GB, nearly all of it a hole, is read in parts or refused, not held in memory."""
    for content in (sample.content(POINTS), b""):
        reading = _reading(sample, folder, content)
        os.truncate(reading.path, _SPARSE_BYTES)
        tracemalloc.start()
        try:
            for _ in range(_SPARSE_LOOKS):
                if not _looked(reading):
                    break
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        demand(peak < _MOST_MEMORY, f"10 GB of nothing took {peak >> 20} MiB of memory")
        reading.demand_known(POINTS, what="10 GB of nothing")
        reading.close()


def _looked(reading: Reading) -> bool:
    try:
        return reading.look(ended=True)
    except ReadError:
        return False


def _reading(sample: ReaderSample, folder: Path, content: bytes) -> Reading:
    """Return what reads a new file of a folder of its own."""
    own = folder / str(len(list(folder.iterdir())))
    own.mkdir()
    path = own / sample.file_name
    path.write_bytes(content)
    return Reading(sample, path)


def _pieces(whole: bytes, draw: random.Random) -> Iterator[bytes]:
    places = sorted(draw.randrange(len(whole)) for _ in range(draw.randint(1, 20)))
    for start, end in zip([0, *places], [*places, len(whole)], strict=True):
        yield whole[start:end]


def _write_over(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _rename_over(path: Path, content: bytes) -> None:
    new = path.with_name("new")
    new.write_bytes(content)
    new.replace(path)


def _write_in_parts(path: Path, content: bytes) -> None:
    """Write with a gap in which nobody looks; those who do are met by the check of pieces."""
    middle = len(content) // 2
    with path.open("wb") as file:
        file.write(content[:middle])
        file.flush()
        file.write(content[middle:])


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.mkdir()


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink()


READER_SAMPLE_CHECKS: tuple[SampleCheck, ...] = (
    check_sample_is_read_at_once,
    check_sample_is_read_alike_in_any_pieces,
    check_sample_is_read_anew_when_rewritten,
    check_sample_is_read_as_it_gets_longer,
    check_sample_gives_nothing_wrong_when_cut,
    check_sample_bears_changed_bits,
    check_sample_bears_hostile_content,
    check_sample_bears_what_is_no_file,
    check_sample_bears_what_may_not_be_read,
    check_sample_is_never_held_whole,
)
"""All checks; each takes an empty folder and raises ContractError."""
