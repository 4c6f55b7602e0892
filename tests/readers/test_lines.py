import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from automl.readers.lines import PIECE_BYTES, LineSplitter
from automl.readers.text.controls import shown


def fed(splitter: LineSplitter, data: bytes, *, final: bool = False) -> list[str]:
    return [line for lines in splitter.feed(data, final=final) for line in lines]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\nb\n", ["a", "b"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"10%\r20%\rdone\n", ["10%", "20%", "done"]),
        (b"\n\n \na", [" "]),
        (b"\xff\xe2\n\xc3\xa9\n", ["\ufffd\ufffd", "é"]),
        (b"a\x0cb\xc2\x85c\n", ["a\x0cb\x85c"]),
        (b"a\rb\nc", ["a", "b"]),
        (b"a\nb\rc", ["a", "b"]),
    ],
)
def test_lines_end_at_newline_or_return(data: bytes, lines: list[str]) -> None:
    assert fed(LineSplitter(), data) == lines


def test_an_unfinished_line_waits_and_counts_at_the_end() -> None:
    splitter = LineSplitter()
    assert fed(splitter, b"acc 0.") == []
    assert fed(splitter, b"91\r") == ["acc 0.91"]
    assert fed(splitter, b"\nend") == []
    assert fed(splitter, b"", final=True) == ["end"]
    assert fed(splitter, b"", final=True) == []


@given(
    st.lists(
        st.binary(max_size=6)
        | st.sampled_from([b"\r", b"\n", b"\r\n", "é".encode(), b" ", b"\x1b[1;32m", b"\xff\xfe"])
    ),
    st.integers(1, 12),
)
def test_any_cutting_gives_the_same_lines(pieces: list[bytes], piece_bytes: int) -> None:
    in_pieces, at_once = LineSplitter(piece_bytes), LineSplitter(piece_bytes)
    lines = [line for piece in pieces for line in fed(in_pieces, piece)]
    lines += fed(in_pieces, b"", final=True)
    assert lines == fed(at_once, b"".join(pieces), final=True)


@given(st.binary(max_size=60))
def test_short_lines_are_those_of_the_text(data: bytes) -> None:
    assume(not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")))
    text = shown(data.decode(errors="replace").replace("\r", "\n"))
    expected = [line for line in text.split("\n") if line]
    assert fed(LineSplitter(), data, final=True) == expected


def test_a_long_line_is_cut_behind_a_blank() -> None:
    splitter = LineSplitter(8)
    assert fed(splitter, b"ab 0.91 0.92\n12345678\n123456789\n") == [
        "ab 0.91 ",
        "0.92",
        "12345678",
        "12345678",
        "9",
    ]


def test_a_line_of_just_the_longest_length_is_whole() -> None:
    assert fed(LineSplitter(8), b"ab 45678\nab 45678\r\n") == ["ab 45678", "ab 45678"]


def test_an_endless_line_is_not_kept() -> None:
    splitter = LineSplitter()
    kept = 0
    for _ in range(40):
        fed(splitter, b"x" * PIECE_BYTES)
        kept = max(kept, len(splitter._partial))
    assert kept <= PIECE_BYTES


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-be"])
def test_the_mark_at_the_beginning_tells_the_encoding(name: str) -> None:
    text = "score=0.93\r\nscore=0.94 é\n"
    mark = "" if name in {"utf-8-sig", "utf-16", "utf-32"} else "\ufeff"
    data = f"{mark}{text}".encode(name)
    lines = ["score=0.93", "score=0.94 é"]
    assert fed(LineSplitter(), data) == lines
    bytewise = LineSplitter()
    assert [line for byte in data for line in fed(bytewise, bytes([byte]))] == lines


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["score=0.93\r\nscore=0.94 é\n", "7\n", "0.5", "\t\n1 2\n"])
def test_without_a_mark_the_zeros_of_utf_16_tell_it(name: str, text: str) -> None:
    data = text.encode(name)
    lines = [line for line in re.split(r"[\r\n]+", text) if line]
    assert fed(LineSplitter(), data, final=True) == lines
    bytewise = LineSplitter()
    found = [line for byte in data for line in fed(bytewise, bytes([byte]))]
    assert found + fed(bytewise, b"", final=True) == lines


@pytest.mark.parametrize(
    "data",
    [
        b"7",
        b"7\n",
        b"ab",
        b"a\0b\0c\0de\n",
        b"\0\0\0\0a\0b\0",
        b"\0a\0b\0\0\0\0\n",
        b"a\0\0\0b\0\0\0",
    ],
)
def test_other_zeros_tell_nothing(data: bytes) -> None:
    told = data.decode().rstrip("\n")
    for splitter, pieces in (
        (LineSplitter(), [data]),
        (LineSplitter(), [data[at : at + 1] for at in range(len(data))]),
    ):
        found = [line for piece in pieces for line in fed(splitter, piece)]
        assert "".join(found + fed(splitter, b"", final=True)) in (told, told.replace("\0", ""))


def test_a_mark_alone_is_no_line() -> None:
    assert fed(LineSplitter(), b"\xff\xfe", final=True) == []
    assert fed(LineSplitter(), b"\xef\xbb\xbf", final=True) == []


def test_a_seam_is_not_within_a_colour() -> None:
    line = b"ab \x1b[1;32mscore=0.93\x1b[0m"
    assert fed(LineSplitter(12), line + b"\n")[0] == "ab "
    assert "".join(fed(LineSplitter(12), line + b"\n")) == "ab score=0.93"
