"""A command line up to the cursor, as its shell would take it apart."""

import re
from dataclasses import dataclass

from click.shell_completion import split_arg_string

_QUOTES = "'\""
_PLAIN = re.compile(r"[^\w@%+=:,./~-]")


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A command line of which the last word is not complete.

    Attributes:
        words: those that are, without the command's name, as the command would get them.
        begun: the last one, as far as it is typed, the same; empty behind a space.
        quoted: whether the last one begins with a quote.
    """

    words: list[str]
    begun: str
    quoted: bool

    @classmethod
    def of(cls, line: str) -> "TypedLine":
        """Return what was typed."""
        *whole, last = _raw_words(line)
        return cls([_read(word) for word in whole[1:]], _read(last), last[:1] in set(_QUOTES))

    def rest_for_bash(self, word: str, breaks: str) -> str:
        """Return what bash puts in place of what it takes for the last word.

        To bash, that one begins behind each of some characters, `=` and `:` among them; and bash
        leaves it to others to quote what it puts there.

        Args:
            word: what the whole word is to be.
            breaks: these characters, its COMP_WORDBREAKS.
        """
        if self.quoted:
            return word
        # Those that quote, or were quoted, do not end a word here.
        ends = [char for char in breaks if not char.isspace() and char not in _QUOTES]
        begins = max((self.begun.rfind(char) + 1 for char in ends), default=0)
        return _PLAIN.sub(r"\\\g<0>", word[begins:])


def _raw_words(line: str) -> list[str]:
    """Return the words with their quotes; the last one is empty behind a space."""
    words, quote, escaped = [""], "", False
    for char in line:
        if escaped:
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in _QUOTES:
            quote = char
        elif char.isspace():
            if words[-1]:
                words.append("")
            continue
        words[-1] += char
    return words


def _read(word: str) -> str:
    return "".join(split_arg_string(word))
