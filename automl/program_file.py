"""Why a file cannot be started as a program, where the system only says that it is not found."""

import os
import shlex
import shutil
import stat
import sys
from pathlib import Path

_BYTES = 512
_BOM = b"\xef\xbb\xbf"
_ELF = b"\x7fELF"
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
        return ""
    here = _PROCESSORS.get(own, "another one")
    return (
        f"is a program for the processor {_PROCESSORS.get(its or 0, its)}, and this one is {here}"
    )


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
