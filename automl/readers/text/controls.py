r"""What a terminal would not show: colours, links, titles, and characters that were typed over.

Programs that think they write to a terminal send control sequences, in the middle of words too. A
pattern is for what a person sees. Where a sequence moves to another place, as one that clears the
line does, a line ends, as it does at a carriage return: what stood there was shown once.
"""

import re

_ASCII_MARKS = (b"\x1b", b"\x08", b"\x07", b"\x0e", b"\x0f")
_OTHER_MARKS = (b"\xef\xbb\xbf", b"\xc2\x9b")

_SEQUENCE = re.compile(
    r"\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)"  # a string: a link, a title
    r"|(?:\x1b\[|\x9b)(?P<how>[0-?]*)[ -/]*(?P<what>[@-~])"
    r"|\x1b[ -/]+[0-~]|\x1b(?P<back>8)|\x1b[0-Z\\-~]"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*|[\x1b\x07\x0e\x0f\ufeff]"
)
_MOVES = set("ABDEFHJLMSTdfru")
_BACKSPACES = re.compile("(\x08+)")


def may_have_controls(block: bytes) -> bool:
    """Tell, fast, whether there is anything in UTF-8 text that `shown` would change."""
    if any(mark in block for mark in _ASCII_MARKS):
        return True
    return not block.isascii() and any(mark in block for mark in _OTHER_MARKS)


def shown(text: str) -> str:
    r"""Return lines as a terminal shows them, one after the other.

    >>> shown("\x1b[32mscore=0.93\x1b[0m")
    'score=0.93'
    >>> shown("50%\x08\x08\x0860%"), shown("loss 0.5\x1b[2K\x1b[1Gloss 0.4")
    ('60%', 'loss 0.5\n\nloss 0.4')
    """
    plain = _SEQUENCE.sub(_instead, text)
    if "\x08" not in plain:
        return plain
    return "\n".join(_typed_over(line) for line in plain.split("\n"))


def _instead(found: re.Match[str]) -> str:
    what, how = found["what"], found["how"]
    if what in _MOVES or found["back"] or (what == "K" and how in {"1", "2"}):
        return "\n"
    if what == "G":
        return "\n" if how in {"", "0", "1"} else " "
    return " " if what == "C" else ""


def _typed_over(line: str) -> str:
    """Return what stands in a line once it was written; a backspace moves back and erases nothing.

    So what stands before a last row of them is kept: whoever writes over it had not come to it.
    """
    kept: list[str] = []
    place = 0
    for piece in _BACKSPACES.split(line):
        if piece.startswith("\x08"):
            place = max(0, place - len(piece))
        else:
            kept[place : place + len(piece)] = piece
            place += len(piece)
    return "".join(kept)
