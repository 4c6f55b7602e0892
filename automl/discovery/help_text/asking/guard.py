"""Starts a program that can write only small files, and these only into one folder.

It is run as a script, `python guard.py FOLDER PROGRAM ...`, so it imports nothing of this package.
Where the kernel has Landlock (Linux 5.13 and newer), files elsewhere can be neither written, made
nor removed by the program and all that it starts. It needs no privileges, and cannot be undone.
"""

import ctypes
import os
import resource
import sys

MOST_BYTES = 1 << 20
"""No file that the program writes gets larger: its output too, which is a file."""

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH, _NO_NEW_PRIVS = 1, 1, 38
_WRITE_FILE, _REFER, _TRUNCATE = 1 << 1, 1 << 13, 1 << 14
_CHANGES = _WRITE_FILE | sum(1 << bit for bit in range(4, 13))
_ABI_OF_REFER, _ABI_OF_TRUNCATE = 2, 3
_DEVICES = ("/dev", "/proc")


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def landlock_version() -> int:
    """Return which version of Landlock the kernel has; 0 for none."""
    if sys.platform != "linux":
        return 0
    size = ctypes.c_size_t(0)
    found = _libc().syscall(_CREATE_RULESET, None, size, ctypes.c_uint32(_VERSION_FLAG))
    return max(0, int(found))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _guard(folder: str, version: int) -> None:
    """Let this process, and all that it becomes and starts, change files in one folder alone.

    Raises:
        OSError: the kernel refuses that.
    """
    changes = _CHANGES
    changes |= _REFER if version >= _ABI_OF_REFER else 0
    changes |= _TRUNCATE if version >= _ABI_OF_TRUNCATE else 0
    libc = _libc()
    attributes = _Ruleset(changes)
    rules = _done(
        libc.syscall(
            _CREATE_RULESET,
            ctypes.byref(attributes),
            ctypes.c_size_t(ctypes.sizeof(attributes)),
            ctypes.c_uint32(0),
        )
    )
    _allow(libc, rules, folder, changes)
    for path in _DEVICES:
        _allow(libc, rules, path, changes & (_WRITE_FILE | _TRUNCATE))
    _done(libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0))
    _done(libc.syscall(_RESTRICT_SELF, rules, ctypes.c_uint32(0)))
    os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: str, changes: int) -> None:
    file = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = _PathBeneath(changes, file)
    _done(libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(rule), ctypes.c_uint32(0)))
    os.close(file)


def _done(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _main() -> None:
    folder, *words = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
    if version := landlock_version():
        _guard(folder, version)
    try:
        os.execvp(words[0], words)  # noqa: S606 - this is its purpose
    except OSError as error:
        sys.exit(f"{words[0]}: {error.strerror}")


if __name__ == "__main__":
    _main()
