"""Why a file cannot be started as a program, where the system only says that it is not found."""

import os
import shlex
import shutil
import stat
import struct
import sys
from pathlib import Path

_BYTES = 1 << 16
"""So much of a program is looked at; the names of its loader and its processor stand first."""

_BOM = b"\xef\xbb\xbf"
_ELF = b"\x7fELF"
_WIDE = 2
"""The class of programs of 64 bits."""

_ASKS_FOR_LOADER = 3
"""The kind of header that names the loader."""

_PROCESSOR = slice(18, 20)
_PROCESSORS = {3: "x86 (32 bits)", 40: "ARM (32 bits)", 62: "x86-64", 183: "ARM64", 243: "RISC-V"}
_ALSO = {62: {3}, 183: {40}}
"""What a processor starts of others."""

_OF_OTHER_SYSTEMS = {
    b"MZ": "Windows",
    b"\xcf\xfa\xed\xfe": "macOS",
    b"\xca\xfe\xba\xbe": "macOS",
}


def why_not_started(path: str, search: str) -> str:
    """Return why a path cannot be started as a program, with what to do; empty if it can.

    Args:
        path: an absolute path.
        search: a PATH variable, in which `#!/usr/bin/env NAME` finds its program.
    """
    if why := _of_path(Path(path)):
        return why
    try:
        with Path(path).open("rb") as opened:
            begin = opened.read(_BYTES)
    except OSError:
        # It may be started all the same.
        return ""
    return _of_script(begin, search) if b"#!" in begin[:5] else _of_binary(begin)


def _of_path(file: Path) -> str:
    """Return why it is not even a file that may be started."""
    if not file.exists():
        if file.is_symlink():
            return f"is a link to {file.readlink()}, which does not exist"
        return "does not exist"
    if file.is_dir():
        return "is a folder; give the path of the program in it"
    if not file.is_file():
        return "is no file"
    return "" if os.access(file, os.X_OK) else _no_permission(file)


def _no_permission(file: Path) -> str:
    allowed = file.stat().st_mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    if allowed and os.statvfs(file).f_flag & getattr(os, "ST_NOEXEC", 0):
        return "is on a disk from which nothing may be started (mounted with noexec); move it"
    return "is not executable; do: chmod +x it"


def _of_script(begin: bytes, search: str) -> str:
    """Return what is wrong with the line `#!` of a script."""
    if begin.startswith(_BOM):
        return "begins with a byte order mark, so its line #! counts for nothing; save it without"
    if not begin.startswith(b"#!"):
        return ""
    line = begin.partition(b"\n")[0].decode(errors="replace")
    if line.endswith("\r"):
        return (
            "has the line ends of Windows, so what its first line asks for is not found; convert "
            "them: dos2unix, or sed -i 's/\\r$//'"
        )
    return _of_interpreter(line[2:].split(), search)


def _of_interpreter(words: list[str], search: str) -> str:
    """Return what is wrong with what the line `#!` asks for."""
    if words and not Path(words[0]).exists():
        return f"asks by its first line for {words[0]}, which does not exist"
    name = _for_env(words)
    if name and shutil.which(name, path=search) is None:
        return f"asks by its first line for {name}, which is not on PATH ({search})"
    return ""


def _for_env(words: list[str]) -> str:
    """Return which program `env` is to find, empty if it is another one or cannot be told."""
    if not words or Path(words[0]).name != "env":
        return ""
    try:
        rest = shlex.split(" ".join(words[1:]).removeprefix("-S"))
    except ValueError:
        return ""
    named = [word for word in rest if "=" not in word]
    return named[0] if named and not named[0].startswith("-") else ""


def _of_binary(begin: bytes) -> str:
    """Return whether a program is for another system or processor than this one."""
    if _starts_others():
        return ""
    system = next(
        (name for magic, name in _OF_OTHER_SYSTEMS.items() if begin.startswith(magic)), ""
    )
    if system and sys.platform.startswith("linux"):
        return f"is a program for {system}, which this machine cannot start"
    own = _processor(_own_program())
    its = _processor(begin)
    if own is None or its in {None, own} or its in _ALSO.get(own, ()):
        return _without_loader(begin)
    here = _PROCESSORS.get(own, "another one")
    return (
        f"is a program for the processor {_PROCESSORS.get(its or 0, its)}, and this one is {here}"
    )


def _without_loader(begin: bytes) -> str:
    """Return that the loader is missing that a program asks for, empty if it is there."""
    try:
        loader = _loader(begin)
    except (IndexError, struct.error, UnicodeDecodeError):
        return ""
    if not loader.startswith("/") or Path(loader).exists():
        return ""
    return (
        f"is a program whose loader is missing: {loader}; it was built for a Linux with another C "
        "library, so install that, or build the program here"
    )


def _loader(begin: bytes) -> str:
    """Return the loader that a Linux program asks for, empty if it asks for none."""
    if not begin.startswith(_ELF):
        return ""
    wide, order = begin[4] == _WIDE, "<" if begin[5] == 1 else ">"
    (table,) = struct.unpack_from(f"{order}{'Q' if wide else 'I'}", begin, 32 if wide else 28)
    size, count = struct.unpack_from(f"{order}HH", begin, 54 if wide else 42)
    for number in range(count):
        at = table + number * size
        (kind,) = struct.unpack_from(f"{order}I", begin, at)
        if kind != _ASKS_FOR_LOADER:
            continue
        word, where, length = ("Q", 8, 32) if wide else ("I", 4, 16)
        (start,) = struct.unpack_from(f"{order}{word}", begin, at + where)
        (chars,) = struct.unpack_from(f"{order}{word}", begin, at + length)
        return begin[start : start + chars].rstrip(b"\0").decode()
    return ""


def _processor(begin: bytes) -> int | None:
    """Return the processor of a Linux program, None of anything else."""
    if not begin.startswith(_ELF) or len(begin) < _PROCESSOR.stop:
        return None
    return int.from_bytes(begin[_PROCESSOR], "little" if begin[5] == 1 else "big")


def _own_program() -> bytes:
    try:
        with Path("/proc/self/exe").open("rb") as own:
            return own.read(_BYTES)
    except OSError:
        return b""


def _starts_others() -> bool:
    """Tell whether the system was told to start programs of others by an emulator."""
    try:
        known = os.listdir("/proc/sys/fs/binfmt_misc")  # noqa: PTH208 - names alone
    except OSError:
        return False
    return bool(set(known) - {"register", "status"})
