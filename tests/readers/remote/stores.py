"""Stores in memory, and what makes calls at once, for tests of files on other machines."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from automl.readers.remote.fetching import Call
from automl.readers.remote.process import answer_to
from automl.readers.remote.store import Store


@dataclass
class FakeFiles:
    """A store of one kind, by what it tells of its objects and how it gives them.

    Attributes:
        objects: their contents, by path.
        tells: what it tells of a content besides its size.
        cut: how many bytes of each answer arrive.
        asked: the ranges that were asked for.
        ignores_ranges: whether it gives all of an object whatever is asked for.
        before_read: is called before an object is given.
        error: what it raises.
    """

    objects: dict[str, bytes] = field(default_factory=dict)
    tells: Callable[[bytes], Mapping[str, Any]] = lambda _: {}
    cut: int | None = None
    asked: list[tuple[int | None, int | None]] = field(default_factory=list)
    ignores_ranges: bool = False
    before_read: Callable[[], None] = lambda: None
    error: Exception | None = None

    def _strip_protocol(self, url: str) -> str:
        return url.partition("://")[2]

    def invalidate_cache(self) -> None: ...

    def info(self, path: str) -> dict[str, Any]:
        if self.error:
            raise self.error
        if path not in self.objects:
            raise FileNotFoundError(path)
        content = self.objects[path]
        return {"name": path, "type": "file", "size": len(content), **self.tells(content)}

    def cat_file(self, path: str, start: int | None = None, end: int | None = None) -> bytes:
        self.before_read()
        self.asked.append((start, end))
        whole = self.objects[path]
        return whole if self.ignores_ranges else whole[start:end]

    def get_file(self, path: str, target: str, callback: Any) -> None:
        self.before_read()
        self.asked.append((None, None))
        content = self.objects[path][: self.cut]
        with io.FileIO(target, "w") as file:
            file.write(content)
        callback.relative_update(len(content))


class AtOnce:
    """Makes calls when they are made, or when a test lets it."""

    def __init__(self, files: FakeFiles, *, held: bool = False) -> None:
        self.files = files
        self.held = held
        self.users = 0
        self.calls: list[Call] = []

    def enter(self) -> None:
        self.users += 1

    def leave(self) -> None:
        self.users -= 1

    def submit(self, url: str, request: Mapping[str, Any], then: Callable[[], None]) -> Call:
        call = Call({"url": url, **request}, then)
        self.calls.append(call)
        if not self.held:
            self.answer()
        return call

    def answer(self) -> None:
        """Let all calls be answered that were not yet."""
        for call in self.calls:
            if not call.done.is_set() and call.begin(lambda: None):
                store = Store(call.request["url"], self.files)
                call.end(answer_to(call.request, lambda: None, store))
