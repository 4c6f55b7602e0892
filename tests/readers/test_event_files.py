"""Event files, as TensorBoard shows them."""

import contextlib
import random
import re
import struct
from pathlib import Path
from typing import Any

import event_writer as writer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import ReadError, SpecError
from automl.readers.event_files.events import Scalar, scalars
from automl.readers.event_files.follower import EventFollower
from automl.readers.event_files.message import MessageError
from automl.readers.event_files.reader import TensorboardReader
from automl.readers.event_files.records import LARGEST_BYTES, Records
from automl.readers.registry import make_reader

HALF = struct.unpack("<H", struct.pack("<e", 0.25))[0]


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (writer.simple("a", 0.25), 0.25),
        (writer.tensor("a", 1, 5, struct.pack("<f", 0.25)), 0.25),
        (writer.tensor("a", 1, 4, struct.pack("<f", 0.25)), 0.25),
        (writer.tensor("a", 2, 6, struct.pack("<d", 0.1)), 0.1),
        (writer.tensor("a", 2, 4, struct.pack("<d", 0.1)), 0.1),
        (writer.tensor("a", 3, 7, writer.varint(-3)), -3.0),
        (writer.tensor("a", 3, 7, -3), -3.0),
        (writer.tensor("a", 9, 10, writer.varint(-(2**40))), -(2.0**40)),
        (writer.tensor("a", 9, 4, struct.pack("<q", 7)), 7.0),
        (writer.tensor("a", 19, 13, writer.varint(HALF)), 0.25),
        (writer.tensor("a", 14, 4, b"\x80\x3e"), 0.25),
    ],
)
def test_every_kind_of_number_is_read(data: bytes, value: float) -> None:
    assert list(scalars(writer.event(7, data))) == [Scalar("a", 7, value)]


@pytest.mark.parametrize(
    "data",
    [
        writer.tensor("a", 1, 4, struct.pack("<2f", 1, 2)),
        writer.tensor("a", 1, 5, struct.pack("<2f", 1, 2)),
        writer.tensor("a", 9, 10, writer.varint(1) + writer.varint(2)),
        writer.tensor("a", 7, 8, b"text"),
        writer.field(1, b"a") + writer.field(4, b"a picture"),
        b"",
    ],
)
def test_what_is_no_single_number_is_left_out(data: bytes) -> None:
    assert list(scalars(writer.event(7, data))) == []


@given(st.binary(max_size=60))
def test_any_bytes_are_an_event_or_none(data: bytes) -> None:
    with contextlib.suppress(MessageError):
        list(scalars(data))


def test_large_records_are_passed_over_and_not_kept() -> None:
    data = b"".join(
        [writer.record(b"a"), writer.record(b"x" * (LARGEST_BYTES + 1)), writer.record(b"b")]
    )
    records, found, at = Records(), [], 0
    draw = random.Random(0)  # noqa: S311 - the same each time
    while at < len(data):
        size = draw.choice([1, 9, 70_000])
        found += records.feed(data[at : at + size], b"")
        at += size
        assert len(records._rest) < LARGEST_BYTES
    assert found == [b"a", b"b"]
    assert records.count == 3


def read(path: Path, tag: str) -> tuple[Any, EventFollower]:
    follower = EventFollower("m", tag, str(path))
    return follower.read(ended=True, limit_bytes=1 << 20), follower


@pytest.mark.parametrize("tag", ["val/loss", "val/*", "v?l/l*s"])
def test_a_tag_is_read_by_its_name_or_by_a_pattern(tag: str, tmp_path: Path) -> None:
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(writer.event_file("val/loss", [(1, 0.5), (2, 0.25)]))
    points = read(path, tag)[0].measurements["m"]
    assert (points.values, points.steps) == ((0.5, 0.25), (1.0, 2.0))


@pytest.mark.parametrize("in_two_looks", [False, True])
def test_a_pattern_that_fits_several_tags_is_refused_for_good(
    tmp_path: Path, *, in_two_looks: bool
) -> None:
    path = tmp_path / "events.out.tfevents.1"
    first = writer.record(writer.event(1, writer.simple("train/loss", 0.5)))
    second = writer.record(writer.event(1, writer.simple("val/loss", 0.9)))
    follower = EventFollower("m", "*loss", str(path))
    if in_two_looks:
        path.write_bytes(first)
        assert follower.read(ended=False, limit_bytes=1 << 20).measurements
    path.write_bytes(first + second)
    told = r"tag '\*loss' names several in .*'train/loss' and 'val/loss'"
    for ended in (False, False, True, True):
        with pytest.raises(ReadError, match=told):
            follower.read(ended=ended, limit_bytes=1 << 20)
    assert re.search(told, follower.problem())


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"epoch 1 loss 0.5\n" * 10, "it is no event file"),
        (b"", "no number of any tag"),
        (writer.event_file("train/loss", [(1, 0.5)]), "no tag 'loss' in .*; it has 'train/loss'"),
        (writer.event_file("loss", [(1, float("nan"))]), "tag 'loss' is nan"),
    ],
)
def test_why_there_is_no_number_is_told(data: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(data)
    assert re.search(told, read(path, "loss")[1].problem())


def test_a_damaged_record_ends_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "events.out.tfevents.1"
    good = writer.event_file("loss", [(1, 0.5)])
    bad = bytearray(writer.record(writer.event(2, writer.simple("loss", 0.25))))
    bad[-6] ^= 1
    path.write_bytes(good + bad + writer.record(writer.event(3, writer.simple("loss", 0.125))))
    look, _ = read(path, "loss")
    assert look.measurements["m"].values == (0.5,)
    assert "record 3 is damaged; what follows was left out" in look.left_out


@pytest.mark.parametrize(
    ("given", "location"),
    [
        ("{{ trial.dir }}/logs", "{{ trial.dir }}/logs/*tfevents*"),
        ("logs/{{ trial.id }}/", "logs/{{ trial.id }}/*tfevents*"),
        ("logs/*/events.out.tfevents.*", "logs/*/events.out.tfevents.*"),
        ("logs/**", "logs/**/*tfevents*"),
    ],
)
def test_a_folder_stands_for_the_event_files_in_it(given: str, location: str) -> None:
    reader = TensorboardReader(location=given, tag="loss")
    assert (reader.location, reader.metric, reader.which) == (location, "loss", "all")
    assert TensorboardReader(location=reader.location, tag="loss") == reader


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"location": "x"}, "tag"),
        ({"location": "x", "tag": ""}, "tag must be a non-empty string"),
        ({"location": "", "tag": "x"}, "location must be a non-empty string"),
        ({"location": "x", "tag": "x", "metric": 3}, "metric must be a name"),
        ({"location": "x", "tag": "x", "which": "some"}, "which"),
    ],
)
def test_what_is_no_description_is_refused(options: dict[str, Any], told: str) -> None:
    with pytest.raises(SpecError, match=told):
        make_reader("tensorboard_reader", options)
