"""What stands in a YAML text, and where."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False, kw_only=True)
class Node:
    """Something that is or has a value.

    Attributes:
        outer: where it begins, with its anchor and its tag.
        start: where it begins without them.
        end: what follows its last character, without comments and ends of lines.
        lead: what follows the colon or the dash before it, and its anchor and tag.
        entry: where the dash before it, or a key, begins.
        anchor: its name for aliases; empty for none.
        tag: its tag, as YAML means it; empty if it has none in the text.
        in_lines: it is a list or a dictionary in lines of its own, none of `[]` or `{}`.
    """

    outer: int
    start: int
    end: int
    lead: int
    entry: int
    anchor: str = ""
    tag: str = ""
    in_lines: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class Scalar(Node):
    """One value.

    Attributes:
        text: what it says, without quotes and escapes.
        style: `'` or `"` for quotes, `|` or `>` for a text in lines of its own, empty for none.
        until: what follows the empty lines behind it, of a text in lines of its own.
        colon: a colon or a dash is before it; an empty one may have none: `{a}`.
    """

    text: str
    style: str
    until: int
    colon: bool = True


@dataclass(slots=True, eq=False, kw_only=True)
class Alias(Node):
    """What stands elsewhere too.

    Attributes:
        target: the node with the anchor.
    """

    target: Node


@dataclass(slots=True, eq=False, kw_only=True)
class Sequence(Node):
    """A list.

    Attributes:
        items: what is in it.
    """

    items: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False, kw_only=True)
class Mapping(Node):
    """A dictionary.

    Attributes:
        pairs: keys and values, all of them, also where a key is there twice.
    """

    pairs: list[tuple[Node, Node]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Tree:
    """A text.

    Attributes:
        text: all of it.
        documents: the root of each of its documents; none of a text without any.
    """

    text: str
    documents: list[Node]

    def line(self, index: int) -> int:
        """Return the line of a character, from 1."""
        return self.text.count("\n", 0, index) + 1

    def column(self, index: int) -> int:
        """Return how many characters are before one in its line."""
        start = max(self.text.rfind(end, 0, index) for end in "\r\n") + 1
        # The byte order mark is none.
        return index - start - self.text.startswith("\ufeff", start)
