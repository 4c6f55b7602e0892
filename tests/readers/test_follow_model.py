"""Ways of writing a metric file and looks at it, in any order, against what was written."""

import mmap
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from automl.readers.follow import MetricFollower

REST = b"x" * 300 + b"\n"
WIDTH = 4

pytestmark = pytest.mark.slow


def line(number: int) -> bytes:
    return b"acc: %0*d;\n" % (WIDTH, number)


class Writing(RuleBasedStateMachine):
    """One file, its follower, and the numbers that were written.

    No number is read that was never written, and at the end those that stand in the file are the
    last ones read.
    """

    @initialize(
        header=st.booleans(), limit=st.sampled_from([1, 7, 64, 1 << 20]), linked=st.booleans()
    )
    def begin(self, *, header: bool, limit: int, linked: bool) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name, "metric.log")
        if linked:
            self.path.symlink_to("target.0")
        self.follower = MetricFollower(self.path, r"acc: (\d+)")
        self.limit, self.header = limit, REST if header else b""
        self.written: list[int] = []
        self.values: list[float] = []
        self.count = self.files = 0

    def teardown(self) -> None:
        if not hasattr(self, "folder"):
            return
        try:
            self.look(ended=True)
        finally:
            self.folder.cleanup()

    def number(self) -> int:
        self.count += 1
        self.written.append(self.count)
        return self.count

    def tally(self) -> list[int]:
        if not self.path.exists():
            return []
        return [
            int(text.split(b";")[0])
            for text in self.path.read_bytes().split(b"acc: ")[1:]
            if b";" in text
        ]

    def other(self, kind: str) -> Path:
        self.files += 1
        return self.path.with_name(f"{kind}.{self.files}")

    @rule()
    def append(self) -> None:
        with self.path.open("ab") as file:
            file.write(line(self.number()))

    @rule()
    def append_a_part(self) -> None:
        with self.path.open("ab") as file:
            file.write(b"acc: 00")

    @rule(same_time=st.booleans(), fill=st.integers(0, 3))
    def rewrite(self, *, same_time: bool, fill: int) -> None:
        before = self.path.stat() if self.path.exists() else None
        self.path.write_bytes(self.header + line(self.number()) + REST * fill)
        if before and same_time:
            os.utime(self.path, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule()
    def truncate(self) -> None:
        self.path.write_bytes(b"")

    @rule(keep=st.booleans())
    def rename_over(self, *, keep: bool) -> None:
        new = self.other("new")
        old = self.path.read_bytes() if keep and self.path.exists() else b""
        new.write_bytes(old + b"\n" + line(self.number()))
        new.replace(self.path)

    @rule()
    def delete(self) -> None:
        self.path.unlink(missing_ok=True)

    @precondition(lambda self: self.path.exists())
    @rule()
    def move_away(self) -> None:
        self.path.rename(self.other("moved"))

    @rule()
    def switch_a_symlink(self) -> None:
        target, link = self.other("target"), self.other("link")
        target.write_bytes(line(self.number()))
        link.symlink_to(target.name)
        link.replace(self.path)

    @precondition(lambda self: self.tally())
    @rule(data=st.data(), mapped=st.booleans())
    def write_over_a_number(self, data: st.DataObject, *, mapped: bool) -> None:
        content = self.path.read_bytes()
        place = content.rindex(b";") - WIDTH
        if not data.draw(st.booleans(), label="last"):
            place = content.index(b";") - WIDTH
        digits = b"%0*d" % (WIDTH, self.number())
        with self.path.open("r+b") as file:
            if mapped:
                with mmap.mmap(file.fileno(), 0) as memory:
                    memory[place : place + WIDTH] = digits
            else:
                os.pwrite(file.fileno(), digits, place)

    @rule(gap=st.integers(1, 400))
    def write_behind_a_hole(self, gap: int) -> None:
        with self.path.open("ab") as file:
            file.truncate(file.tell() + gap)
        with self.path.open("ab") as file:
            file.write(b"\n" + line(self.number()))

    @rule()
    def look_while_it_runs(self) -> None:
        self.look(ended=False)

    def look(self, *, ended: bool) -> None:
        more = True
        while more:
            batch = self.follower.read(ended=ended, limit_bytes=self.limit)
            if batch.restarted:
                assert batch.values
                self.values = []
            # Zeros are parts that the program never finished, but left standing.
            self.values += filter(None, batch.values)
            more = batch.more
        assert set(self.values) <= set(self.written)
        tally = self.tally()
        if tally and ended:
            assert self.values[-len(tally) :] == tally


Writing.TestCase.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
TestWriting = Writing.TestCase
