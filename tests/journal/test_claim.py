"""One locked file a study and footprint."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from automl.journal.claim import Claim, Claimant, read_claimant

ME = Claimant(study="/studies/a", name="a", uid="c0ffee", host="here", pid=12)


def test_a_claim_is_held_by_one(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    first = Claim(path)
    first.write(ME)
    with pytest.raises(BlockingIOError):
        Claim(path)
    assert read_claimant(path) == ME
    first.release(remove=False)
    second = Claim(path)
    assert second.claimant == ME
    second.release(remove=True)
    assert not path.exists()


def test_a_claim_that_was_removed_meanwhile_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "claim"
    earlier = Claim(path)
    lock = fcntl.flock

    def removed_before(file: int, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        earlier.release(remove=True)
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", removed_before)
    mine = Claim(path)
    with pytest.raises(BlockingIOError):
        Claim(path)
    mine.release(remove=True)


def test_a_file_of_somebody_else_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    mine = Claim(path)
    path.unlink()
    other = Claim(path)
    mine.release(remove=True)
    assert path.exists()
    with pytest.raises(BlockingIOError):
        Claim(path)
    other.release(remove=True)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"study": 1}', b"\xff\0", b"[" * 9999])
def test_a_content_that_tells_nothing_names_nobody(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "claim"
    path.write_bytes(content)
    claim = Claim(path)
    assert claim.claimant == Claimant()
    claim.release(remove=True)
    assert str(Claimant()) == "another study"


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "claim"
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="claim"):
        Claim(path)
    assert read_claimant(path) == Claimant()


def test_a_fifo_in_its_place_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    os.mkfifo(path)
    assert read_claimant(path) == Claimant()
    with pytest.raises(OSError, match="no regular file"):
        Claim(path)


def test_a_shorter_content_leaves_nothing_of_the_longer(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    claim = Claim(path)
    claim.write(ME)
    claim.write(Claimant(study="/b", name="b", uid="1", host="h", pid=1))
    assert read_claimant(path).study == "/b"
    claim.release(remove=True)


def test_a_forked_child_does_not_keep_it(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    script = """
import os, sys
from pathlib import Path
from automl.journal.claim import Claim
claim = Claim(Path(sys.argv[1]))
started, begun = os.pipe()
if os.fork() == 0:
    os.close(started)
    os.write(begun, b"x")
    sys.stdin.read()
    os._exit(0)
os.read(started, 1)
print("forked", flush=True)
os._exit(0)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == b"forked\n"
    process.wait()
    # The child lives, as its standard input is still open.
    Claim(path).release(remove=True)
    process.stdin.close()
    process.stdout.close()
