"""Makes the working folder of a trial, as a copy of another folder.

    python -I -S workspace.py ASKED

ASKED is JSON: `source`, `target`, `links` (hard links in place of copies), `ignore` (patterns),
`keep` (patterns of what an earlier target has, which stays), `without` (paths that must not be
there), `folders` (paths that must), `own`, the folder of the study, and `aside`, where an earlier
target goes.

It loads nothing of this package, as `measured.py`. The copy is made under another name, and gets
its own once it is whole.
"""

import errno
import fnmatch
import json
import os
import shutil
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

IGNORED = (".git", ".hg", ".svn", "__pycache__", "automl_studies", "automl_reruns")
"""Names that no copy has."""

_JOURNAL = "journal.jsonl"
"""The file by which the folder of a study is told."""

_FICLONE = 0x40049409
_NO_CLONES = {errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY, errno.ENOSYS, errno.EPERM}


def entries(
    source: str, ignore: "Sequence[str]", own: str = ""
) -> "Iterator[tuple[str, os.DirEntry[str]]]":
    """Give what is in a folder and is not ignored, each with its path from there, folders first.

    Args:
        source: the folder.
        ignore: patterns; one with `/` is for the path from there, others are for names anywhere.
            The folders of studies are left out, too.
        own: the folder of the study itself, which need not look like one yet.
    """
    patterns = [one.strip("/") or one for one in (*IGNORED, *ignore)]
    anchored = [one.startswith("/") for one in (*IGNORED, *ignore)]
    todo = [""]
    while todo:
        below = todo.pop()
        with os.scandir(os.path.join(source, below)) as found:
            listed = sorted(found, key=lambda one: one.name)
        for one in listed:
            path = f"{below}/{one.name}" if below else one.name
            if any(
                fnmatch.fnmatchcase(path if "/" in pattern or whole else one.name, pattern)
                for pattern, whole in zip(patterns, anchored, strict=True)
            ):
                continue
            if one.is_dir(follow_symlinks=False):
                if one.path == own or os.path.exists(os.path.join(one.path, _JOURNAL)):
                    continue
                todo.append(path)
            yield path, one


class Copier:
    """Copies files, with the same blocks of the disk where the file system can.

    Args:
        links: make hard links where the file system can.
    """

    def __init__(self, *, links: bool) -> None:
        self._links = links
        self._clones = sys.platform == "linux"

    def copy(self, source: str, target: str) -> None:
        """Copy a file, its mode and its times."""
        if self._links:
            try:
                os.link(source, target, follow_symlinks=False)
            except OSError as error:
                if error.errno not in {*_NO_CLONES, errno.EMLINK}:
                    raise
                self._links = error.errno == errno.EMLINK
            else:
                return
        if not (self._clones and self._clone(source, target)):
            shutil.copyfile(source, target)
        shutil.copystat(source, target)

    def _clone(self, source: str, target: str) -> bool:
        import fcntl  # noqa: PLC0415 - not everywhere

        with open(source, "rb") as read, open(target, "wb") as written:
            try:
                fcntl.ioctl(written.fileno(), _FICLONE, read.fileno())
            except OSError as error:
                if error.errno not in _NO_CLONES:
                    raise
                self._clones = False
                return False
        return True


def copy_folder(
    source: str, target: str, ignore: "Sequence[str]", *, links: bool, own: str = ""
) -> None:
    """Copy what is in a folder into a new one; what is no file, folder or link is left out."""
    copier = Copier(links=links)
    os.makedirs(target)
    for path, one in entries(source, ignore, own):
        made = os.path.join(target, path)
        if one.is_symlink():
            os.symlink(_leading(source, one.path), made)
        elif one.is_dir():
            os.makedirs(made, exist_ok=True)
        elif one.is_file():
            copier.copy(one.path, made)


def _leading(source: str, link: str) -> str:
    """Return what the copy of a link says: the same, unless it leads out of the folder by `..`."""
    text = os.readlink(link)
    leads = os.path.normpath(os.path.join(os.path.dirname(link), text))
    inside = leads == source or leads.startswith(f"{source}/")
    return text if os.path.isabs(text) or inside else leads


def make(asked: "dict[str, object]") -> None:
    """Make the working folder that is asked for."""
    target = str(asked["target"])
    part = f"{target}.part"
    shutil.rmtree(part, ignore_errors=True)
    source = os.path.normpath(str(asked["source"]))
    links, own = bool(asked["links"]), str(asked["own"])
    copy_folder(source, part, _texts(asked["ignore"]), links=links, own=own)
    for path in _texts(asked["without"]):
        _remove(os.path.join(part, path))
    if os.path.isdir(target):
        _keep(target, part, _texts(asked["keep"]))
    for path in _texts(asked["folders"]):
        os.makedirs(os.path.join(part, path), exist_ok=True)
    if os.path.lexists(target):
        _set_aside(target, str(asked["aside"]))
    os.rename(part, target)


def _keep(before: str, after: str, patterns: "Sequence[str]") -> None:
    """Move what is to be kept from an earlier folder into the new one."""
    if not patterns:
        return
    kept = [path for path, _ in entries(before, ()) if _is_kept(path, patterns)]
    for path in kept:
        old, new = os.path.join(before, path), os.path.join(after, path)
        if os.path.lexists(old):  # else it went with its folder
            _remove(new)
            os.makedirs(os.path.dirname(new), exist_ok=True)
            os.rename(old, new)


def _is_kept(path: str, patterns: "Sequence[str]") -> bool:
    name = os.path.basename(path)
    return any(
        fnmatch.fnmatchcase(path if "/" in one.strip("/") else name, one.strip("/"))
        for one in patterns
    )


def _set_aside(target: str, aside: str) -> None:
    if os.path.isdir(target) and not any(files for _, _, files in os.walk(target)):
        shutil.rmtree(target)
        return
    os.makedirs(os.path.dirname(aside), exist_ok=True)
    while os.path.lexists(aside):
        aside = f"{aside}.old"
    os.rename(target, aside)


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def _texts(given: object) -> "list[str]":
    return list(given) if isinstance(given, list) else []


if __name__ == "__main__":
    try:
        make(json.loads(sys.argv[1]))
    except OSError as error:
        names = ": ".join(str(one) for one in (error.filename, error.strerror) if one)
        sys.exit(f"automl: the trial's workspace cannot be made: {names}")
