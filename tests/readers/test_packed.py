"""Files that gzip packed."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.readers.json_files.reader import JsonReader
from automl.readers.named.reader import FileReader
from automl.readers.registry import follow
from automl.readers.text import packed
from automl.readers.text.encoding import Encoding
from automl.readers.text.packed import Packed


@given(st.lists(st.binary(max_size=50), max_size=5), st.data())
def test_the_text_is_the_same_however_it_arrives(texts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(map(gzip.compress, texts)) + b"\0" * data.draw(st.integers(0, 3))
    unpacked, at = Packed(), 0
    found = b""
    while at < len(whole):
        size = data.draw(st.integers(1, 40))
        found += unpacked.unpacked(whole[at : at + size])
        at += size
    assert found == b"".join(texts)
    assert not unpacked.damaged


@pytest.mark.parametrize("name", ["utf-8", "utf-16"])
def test_what_is_packed_has_an_encoding_of_its_own(name: str) -> None:
    whole = gzip.compress("größe 0.5\n".encode(name))
    encoding = Encoding()
    parts = [encoding.utf8(whole[at : at + 1], final=False) for at in range(len(whole))]
    assert b"".join(parts) + encoding.utf8(b"", final=True) == "größe 0.5\n".encode()


def test_what_is_damaged_is_said_and_read_no_further(tmp_path: Path) -> None:
    good, bad = gzip.compress(b"acc: 0.5\n"), bytearray(gzip.compress(b"acc: 0.75\n"))
    bad[-6] ^= 1  # its checksum
    path = tmp_path / "log.gz"
    path.write_bytes(good)
    follower = follow(FileReader(location=str(path), metric="acc"), str(path))
    assert follower.read(ended=False, limit_bytes=1000).measurements["acc"].values == (0.5,)
    path.write_bytes(good + bad)
    look = follower.read(ended=True, limit_bytes=1000)
    assert look.measurements == {}
    assert "packed by gzip, and damaged" in look.left_out


def test_a_file_that_was_cut_gives_what_is_whole_of_it(tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(gzip.compress(b"acc: 0.5\n" + b"x" * 1000)[:-4])
    look = follow(FileReader(location=str(path), metric="acc"), str(path)).read(
        ended=True, limit_bytes=1000
    )
    assert look.measurements["acc"].values == (0.5,)
    assert not look.left_out


def test_a_small_file_that_holds_a_huge_text_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "LARGEST_BYTES", 1000)
    path = tmp_path / "log.gz"
    path.write_bytes(gzip.compress(b"\0" * 100_000))
    follower = follow(FileReader(location=str(path), metric="acc"), str(path))
    assert "holds too much" in follower.read(ended=True, limit_bytes=1 << 20).left_out
    assert "holds too much" in follower.problem()


def test_what_stands_before_damage_counts_however_it_arrives() -> None:
    whole = gzip.compress(b"loss: 0.5\nloss: 0.4\n") + b"garbage"
    for size in (1, 7, len(whole)):
        unpacked = Packed()
        parts = [unpacked.unpacked(whole[at : at + size]) for at in range(0, len(whole), size)]
        assert b"".join(parts) == b"loss: 0.5\nloss: 0.4\n"
        assert "damaged" in unpacked.damaged


def test_json_is_unpacked_too(tmp_path: Path) -> None:
    path = tmp_path / "m.json.gz"
    path.write_bytes(gzip.compress(b'{"acc": 0.5}'))
    follower = follow(JsonReader(location=str(path), key="acc"), str(path))
    found = follower.read(ended=True, limit_bytes=1000).measurements
    assert [one.values for one in found.values()] == [(0.5,)]
