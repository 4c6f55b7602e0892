"""What is fetched of an object: what an earlier run left is not, and nothing is fetched in part."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from stores import FakeFiles

from automl.readers.remote.notes import Before, Version
from automl.readers.remote.store import FolderError, Store
from automl.readers.remote.transfer import (
    NO_COPY,
    Copied,
    State,
    TooLargeError,
    Wanted,
    fetched,
    noted,
)

fsspec = pytest.importorskip("fsspec")

URL = "s3://bucket/7/m.json"
PATH = "bucket/7/m.json"
KIB = 1024


def md5(content: bytes) -> Mapping[str, Any]:
    return {"ETag": f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'}


def encrypted(content: bytes) -> Mapping[str, Any]:
    return {"ETag": f'"{hashlib.blake2b(content, digest_size=8).hexdigest()}-2"'}


def same_second(_: bytes) -> Mapping[str, Any]:
    return {"Last-Modified": "Mon, 30 Nov 2026 21:00:00 GMT"}


def nothing(_: bytes) -> Mapping[str, Any]:
    return {}


class Place:
    """An object, its copy, and what is known of both."""

    def __init__(self, folder: Path, files: FakeFiles, url: str = URL) -> None:
        self.files = files
        self.store = Store(url, files)
        self.path = url.partition("://")[2]
        self.target = folder / "copy"
        self.before: Version | None = None
        self.copied: Copied = NO_COPY

    def note(self) -> None:
        self.before = noted(self.store, lambda _: None)

    def write(self, content: bytes) -> None:
        self.files.objects[self.path] = content

    def fetch(self, *, last: bool = False) -> State:
        wanted = Wanted(
            target=str(self.target),
            before=Before(known=True, version=self.before),
            copied=self.copied,
            last=last,
        )
        state, self.copied = fetched(self.store, wanted, lambda: None)
        return state

    @property
    def copy(self) -> bytes | None:
        return self.target.read_bytes() if self.target.exists() else None


STORES = {"md5": md5, "encrypted": encrypted, "a time in seconds": same_second, "nothing": nothing}


@pytest.fixture(params=STORES, ids=str)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    web = request.param in {"a time in seconds", "nothing"}
    url = "https://host/7/m.json" if web else URL
    return Place(tmp_path, FakeFiles(tells=STORES[request.param]), url)


def test_an_object_that_was_not_there_is_fetched(place: Place) -> None:
    place.note()
    assert place.fetch() is State.ABSENT
    place.write(b"0.5")
    assert place.fetch() is State.NEW
    assert place.copy == b"0.5"
    assert place.fetch(last=True) in {State.SAME, State.NEW}
    assert place.copy == b"0.5"


def test_an_object_of_an_earlier_run_is_never_taken(place: Place) -> None:
    place.write(b"0.9")
    place.note()
    assert place.fetch() is State.OLD
    assert place.fetch(last=True) is State.OLD
    assert place.copy is None


def test_an_object_of_an_earlier_run_that_is_written_anew_is_taken(place: Place) -> None:
    """Also one of the same length, in the same second."""
    place.write(b"0.9")
    place.note()
    place.write(b"0.5")
    place.fetch()
    assert place.fetch(last=True) in {State.NEW, State.SAME}
    assert place.copy == b"0.5"


def test_what_was_written_last_is_what_counts(place: Place) -> None:
    """Though a store tells no difference between two contents of one second."""
    place.note()
    place.write(b"0.1")
    place.fetch()
    place.write(b"0.7")
    place.fetch(last=True)
    assert place.copy == b"0.7"


def test_an_object_that_grows_is_followed(place: Place) -> None:
    place.note()
    lines = [b"%07d\n" % number for number in range(100 * KIB)]
    for upto in (10, 40 * KIB, 60 * KIB, 100 * KIB):
        place.write(b"".join(lines[:upto]))
        assert place.fetch() is State.NEW
        assert place.copy == b"".join(lines[:upto])
    place.fetch(last=True)
    assert place.copy == b"".join(lines)


def test_of_a_large_object_only_what_is_new_is_fetched(tmp_path: Path) -> None:
    place = Place(tmp_path, FakeFiles(tells=md5))
    place.write(b"1234567\n" * 64 * KIB)
    place.fetch()
    place.files.asked.clear()
    place.write(b"1234567\n" * 65 * KIB)
    place.fetch(last=True)
    assert place.copy == b"1234567\n" * 65 * KIB
    assert place.files.asked == [(511 * KIB, 520 * KIB), (0, KIB)]


@pytest.mark.parametrize("tells", [md5, encrypted])
def test_a_change_in_the_middle_of_what_has_grown_is_found(tmp_path: Path, tells: Any) -> None:
    place = Place(tmp_path, FakeFiles(tells=tells))
    before = b"a" * 512 * KIB
    place.write(before)
    place.fetch()
    after = b"a" * 200 * KIB + b"b" + b"a" * 400 * KIB
    place.write(after)
    place.fetch()
    place.fetch(last=True)
    assert place.copy == after


def test_a_server_that_ignores_ranges_is_read_whole(tmp_path: Path) -> None:
    place = Place(tmp_path, FakeFiles(ignores_ranges=True, tells=md5))
    for size in (512, 600):
        place.write(b"a" * size * KIB)
        assert place.fetch() is State.NEW
        assert place.copy == b"a" * size * KIB


def test_an_answer_that_was_cut_short_changes_nothing(place: Place) -> None:
    place.note()
    place.write(b"0.25")
    place.fetch()
    place.write(b"0.75\n0.80")
    place.files.cut = 3
    assert place.fetch() is State.CHANGING
    assert place.copy == b"0.25"
    place.files.cut = None
    assert place.fetch() is State.NEW
    assert place.copy == b"0.75\n0.80"


def test_an_object_that_is_written_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    place = Place(tmp_path, FakeFiles(tells=md5))
    place.write(b"one")
    place.files.before_read = lambda: place.write(b"two")
    assert place.fetch() is State.CHANGING
    assert place.copy is None
    assert place.fetch() is State.NEW
    assert place.copy == b"two"


def test_an_object_that_is_deleted_while_it_is_read_is_none(tmp_path: Path) -> None:
    place = Place(tmp_path, FakeFiles(tells=md5))
    place.write(b"one")

    def vanish() -> None:
        raise FileNotFoundError(PATH)

    place.files.before_read = vanish
    assert place.fetch() is State.CHANGING


def test_what_was_fetched_stays_when_the_object_is_deleted(place: Place) -> None:
    place.note()
    place.write(b"0.5")
    place.fetch()
    del place.files.objects[place.path]
    assert place.fetch(last=True) is State.ABSENT
    assert place.copy == b"0.5"


def test_a_copy_that_somebody_cut_is_fetched_anew(tmp_path: Path) -> None:
    """As a process leaves it that is killed while it appends."""
    place = Place(tmp_path, FakeFiles(tells=md5))
    place.write(b"a" * 512 * KIB)
    place.fetch()
    place.target.write_bytes(b"a" * 600 * KIB)
    place.write(b"a" * 513 * KIB)
    place.fetch()
    assert place.copy == b"a" * 513 * KIB


def test_a_folder_is_no_object(tmp_path: Path) -> None:
    place = Place(tmp_path, FakeFiles(tells=lambda _: {"type": "directory"}))
    place.write(b"")
    with pytest.raises(FolderError, match="it is a folder"):
        place.fetch()


def test_a_huge_object_is_refused(tmp_path: Path) -> None:
    place = Place(tmp_path, FakeFiles(tells=lambda _: {"size": 10 << 30}))
    place.write(b"")
    with pytest.raises(TooLargeError, match="1024 MiB"):
        place.fetch()
    assert place.copy is None


def test_nothing_is_left_beside_the_copy(place: Place) -> None:
    place.note()
    place.write(b"0.5")
    place.files.cut = 1
    place.fetch()
    place.files.cut = None
    place.fetch()
    assert [one.name for one in place.target.parent.iterdir()] == ["copy"]


def test_a_store_of_fsspec_is_read(tmp_path: Path) -> None:
    files = fsspec.filesystem("memory")
    files.pipe_file("/remote-test/m.json", b"0.9")
    place = Place(tmp_path, files, "memory://remote-test/m.json")
    place.note()
    assert place.fetch(last=True) is State.OLD
    files.pipe_file("/remote-test/m.json", b"0.5")
    assert place.fetch(last=True) is State.NEW
    assert place.copy == b"0.5"
    files.rm("/remote-test/m.json")
