"""YAML texts to nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from automl.errors import SpecError
from automl.render.documents.yaml_errors import yaml_errors
from automl.render.patch.edits import line_stop
from automl.render.patch.yaml_nodes.nodes import Alias, Mapping, Node, Scalar, Sequence, Tree

_MOST_TABS = 1000


@lru_cache(maxsize=4)
def composed(text: str) -> Tree:
    """Return the nodes of a YAML text; nobody may change them.

    Raises:
        SpecError: it is no YAML; the message has line and column.
    """
    try:
        with yaml_errors(text):
            source = _without_odd_tabs(text)
            composer = _Composer(text)
            return Tree(text=text, documents=composer.documents(_events(source, composer.note)))
    except SpecError as error:
        raise SpecError(f"it is no YAML: {error}") from error


def composed_to_read(text: str) -> Tree:
    """Return the nodes of a YAML text without all of their places, 20 times as fast.

    Raises:
        SpecError: it is no YAML; the message has line and column.
    """
    import yaml  # noqa: PLC0415 - 30 ms, and not every start reads one

    loader = getattr(yaml, "CSafeLoader", None)
    if loader is None:
        return composed(text)
    try:
        return Tree(text=text, documents=_Composer(text).documents(yaml.parse(text, loader)))
    except (yaml.YAMLError, SpecError, RecursionError):
        # PyYAML's own parser says best what is wrong, or that nothing is.
        return composed(text)


def _without_odd_tabs(text: str) -> str:
    """Return a text with blanks for tabs between words, which YAML allows and PyYAML does not."""
    import yaml  # noqa: PLC0415 - 30 ms, and not every start reads one

    for _ in range(_MOST_TABS if "\t" in text else 0):
        loader: Any = yaml.SafeLoader(text)
        try:
            while loader.check_token():
                loader.get_token()
        except yaml.scanner.ScannerError as error:
            at = error.problem_mark.index if error.problem_mark else len(text)
            if text[at : at + 1] != "\t" or not (loader.flow_level or _parts(text, at)):
                break
            text = f"{text[:at]} {text[at + 1 :]}"
        else:
            break
    return text


def _parts(text: str, at: int) -> bool:
    """Tell whether a tab parts words, or is in an empty line, so that it indents nothing."""
    start = text.rfind("\n", 0, at) + 1
    rest = text[at : line_stop(text, at)].strip()
    return bool(text[start:at].strip(" -?:")) or rest[:1] in {"", "#"}


@dataclass(slots=True)
class _Lead:
    """What stands before a node.

    Attributes:
        end: what follows it.
        entry: where the dash or the key begins.
        colon: a colon, a dash or the mark of a document is there.
        named: an anchor or a tag is there.
    """

    end: int | None = None
    entry: int = 0
    colon: bool = False
    named: bool = False


class _Composer:
    """Follows the events of a text, and the places of dashes and colons that these do not have."""

    def __init__(self, text: str) -> None:
        import yaml  # noqa: PLC0415 - as above

        self._yaml = yaml
        self._text = text
        self._lead = _Lead()
        self._anchors: dict[str, Node] = {}
        self._events: Iterator[Any] = iter(())

    def documents(self, events: Iterator[Any]) -> list[Node]:
        """Return the roots of the documents that events tell of."""
        self._events = events
        return [self._document() for event in self._events if self._is(event, "DocumentStart")]

    def _document(self) -> Node:
        self._anchors = {}
        return self._node(next(self._events))

    def _is(self, event: object, name: str) -> bool:
        return isinstance(event, getattr(self._yaml, f"{name}Event"))

    def note(self, token: Any) -> None:  # noqa: ANN401 - yaml's
        """Keep where a token is that stands before a node."""
        yaml, start, end = self._yaml, token.start_mark.index, token.end_mark.index
        if isinstance(token, yaml.AnchorToken | yaml.TagToken):
            self._lead.named, self._lead.end = True, end
        elif isinstance(token, yaml.BlockEntryToken | yaml.KeyToken):
            self._lead = _Lead(end, start, isinstance(token, yaml.BlockEntryToken))
        elif isinstance(token, yaml.ValueToken | yaml.DocumentStartToken):
            self._lead = _Lead(end, start, colon=True)

    def _node(self, event: Any) -> Node:  # noqa: ANN401 - yaml's
        lead, self._lead = self._lead, _Lead()
        start, end = event.start_mark.index, event.end_mark.index
        places: dict[str, Any] = {
            "outer": start,
            "start": self._content(lead.end, end) if lead.named and lead.end else start,
            "end": end,
            "lead": start if lead.end is None else lead.end,
            "entry": lead.entry,
            "anchor": event.anchor or "",
        }
        if self._is(event, "Alias"):
            return self._alias(places)
        places["tag"] = event.tag or ""
        if self._is(event, "Scalar"):
            return self._known(self._scalar(event, places, colon=lead.colon))
        places["in_lines"] = not event.flow_style
        if self._is(event, "SequenceStart"):
            return self._sequence(places)
        return self._mapping(places)

    def _content(self, at: int, end: int) -> int:
        """Return where the content begins that follows an anchor or a tag."""
        while at < end and self._text[at] in " \t\r\n#":
            line_end = self._text.find("\n", at)
            at = line_end if self._text[at] == "#" and line_end >= 0 else at + 1
        return at

    def _known(self, node: Node) -> Node:
        if node.anchor:
            self._anchors[node.anchor] = node
        return node

    def _alias(self, places: dict[str, Any]) -> Node:
        name = places.pop("anchor")
        if name not in self._anchors:
            line = self._text.count("\n", 0, places["start"]) + 1
            raise SpecError(f"line {line}: there is no anchor &{name} before this alias")
        return Alias(**places, target=self._anchors[name])

    def _scalar(self, event: Any, places: dict[str, Any], *, colon: bool) -> Node:  # noqa: ANN401
        until, style, text = places["end"], event.style or "", event.value
        span = self._text[places["start"] : until]
        if not style and "\t" in span and "\n" not in span:
            # PyYAML has read a blank.
            text = span
        if style in {"|", ">"}:
            places["end"] = places["start"] + len(span.rstrip(" \t\r\n"))
        # What is written has had its colon, if it needs one.
        colon = colon or places["start"] < until
        return Scalar(**places, text=text, style=style, until=until, colon=colon)

    def _sequence(self, places: dict[str, Any]) -> Node:
        node = Sequence(**places)
        self._known(node)
        while not self._is(event := next(self._events), "SequenceEnd"):
            node.items.append(self._node(event))
        node.end = node.items[-1].end if node.in_lines else event.end_mark.index
        return node

    def _mapping(self, places: dict[str, Any]) -> Node:
        node = Mapping(**places)
        self._known(node)
        while not self._is(event := next(self._events), "MappingEnd"):
            key = self._node(event)
            node.pairs.append((key, self._node(next(self._events))))
        node.end = max(event.end_mark.index, node.start)
        if node.in_lines:
            key, value = node.pairs[-1]
            node.end = value.end if value.start > key.start and _written(value) else key.end
        return node


def _written(value: Node) -> bool:
    return not isinstance(value, Scalar) or value.colon


def _events(text: str, note: Callable[[Any], None]) -> Iterator[Any]:
    """Give the events of a text, and its tokens to a function as they are used."""
    import yaml  # noqa: PLC0415 - as above

    class Noting(yaml.SafeLoader):
        def get_token(self) -> Any:  # noqa: ANN401 - yaml's
            token = super().get_token()  # type: ignore[no-untyped-call]
            note(token)
            return token

    loader: Any = Noting(text)
    while loader.check_event():
        yield loader.get_event()
