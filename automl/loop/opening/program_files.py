"""Whether a command's program changed since its trials ran; only told, as results stay results."""

import os
import re
import shlex
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from automl.journal.disk.files import open_regular
from automl.launch.environment import command_path
from automl.spelling.spelling import spelled_retry
from automl.study.spec import StudySpec
from automl.study.tasks.program import ProgramFile
from automl.study.tasks.task import Command

END_BYTES = 1 << 20
"""So much of a file's beginning, and of its end, is read; no large file holds up a start."""

_MOST_FILES = 16
_MOST_WORDS = 256
_SCRIPTS = (".bash", ".ipynb", ".jar", ".jl", ".js", ".lua", ".m", ".pl", ".py", ".r", ".rb", ".sh")
_MAGIC = (b"#!", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""How scripts and programs begin, of Linux and macOS."""

_OF_THE_SYSTEM = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/")
"""What lies there changes with the system, and is nobody's training program."""

_INTERPRETER = re.compile(r"(python|pypy)[\d.]*|bash|java|julia|node|perl|ruby|Rscript|sh")
"""Nor is what runs the script, wherever it lies."""


def program_files(
    spec: StudySpec, environ: Mapping[str, str], before: Sequence[ProgramFile]
) -> list[ProgramFile]:
    """Return the programs of a study's commands as they are now.

    That are the scripts and programs among a command's words and, where it has none, the program
    that its first word starts; of a function of a notebook, the file with its source. A file that
    is missing, or cannot be read, is as it was before.

    Args:
        spec: the study.
        environ: the environment of its commands.
        before: its programs as they were when it began last.
    """
    path = command_path(spec, environ)
    found: dict[str, ProgramFile] = {}
    for task in spec.tasks:
        words = list(islice(_words(task.cmd or ()), _MOST_WORDS))
        sources = getattr(task, "sources", ())
        for file in [*sources, *_programs(words, spec.cwd, path)][:_MOST_FILES]:
            with suppress(OSError, ValueError):
                known = _looked_at(file, spec.cwd)
                found[known.path] = known
    gone = [one for one in before if one.path not in found]
    return [*found.values(), *gone][:_MOST_FILES]


def changed_files(before: Sequence[ProgramFile], now: Sequence[ProgramFile]) -> list[str]:
    """Return the paths of those that are known from before and differ now."""
    known = {one.path: one for one in before}
    return [one.path for one in now if one.path in known and one.differs(known[one.path])]


def change_note(study: str, changed: Sequence[str], ran: int, failed: int) -> str:
    """Return what is told of programs that changed, empty if there is nothing to tell.

    Args:
        study: its name.
        changed: their paths.
        ran: how many trials ran with what they were.
        failed: how many of these failed, and are not going to run again by themselves.
    """
    if not changed or not ran:
        return ""
    one = ran == 1
    text = (
        f"{' and '.join(changed)} changed since {ran} trial{'s' * (not one)} ran; "
        f"{'it keeps its result' if one else 'they keep their results'}"
    )
    if not failed:
        return text
    ones = "1 failed one" if failed == 1 else f"{failed} failed ones"
    return f"{text}; {ones} can be run again: {spelled_retry(study)}"


def _words(command: Command) -> Iterator[str]:
    """Return the words of a command, as far as they can be told without its values."""
    words: Sequence[str] = command if not isinstance(command, str) else _split(command)
    return (word for word in words if word)


def _split(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        return list(lexer)
    except ValueError:
        return line.split()


def _programs(words: Sequence[str], cwd: str, path: str) -> Iterator[str]:
    """Return the files that a command runs."""
    own = False
    for place, word in enumerate(words):
        module = place > 0 and words[place - 1] == "-m"
        for file in _of_module(word) if module else [word]:
            if _is_program(Path(cwd, os.path.expanduser(file))):  # noqa: PTH111 - as for commands
                own = True
                yield file
    if words and not own:
        yield from _on_path(words[0], path)


def _on_path(word: str, path: str) -> Iterator[str]:
    """Return the program that the first word of a command starts, but for what is no user's."""
    if "/" in word or _INTERPRETER.fullmatch(word):
        return
    file = shutil.which(word, path=path)
    if file and not os.path.realpath(file).startswith(_OF_THE_SYSTEM):
        yield file


def _of_module(name: str) -> list[str]:
    """Return the files that `python -m` may run for a name."""
    path = name.replace(".", "/")
    return [f"{path}.py", f"{path}/__main__.py"]


def _is_program(file: Path) -> bool:
    """Tell whether a word is the path of a script or program, not of data or of a folder."""
    with suppress(OSError, ValueError):
        if not stat.S_ISREG(file.stat().st_mode):
            return False
        return file.suffix.lower() in _SCRIPTS or _read(file, 4)[0].startswith(_MAGIC)
    return False


def _looked_at(word: str, cwd: str) -> ProgramFile:
    file = Path(cwd, os.path.expanduser(word))  # noqa: PTH111 - as for commands
    content, status = _read(file, END_BYTES)
    inside = os.path.relpath(file, cwd)
    return ProgramFile(
        path=str(file) if inside.startswith("..") else inside,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        digest=blake2b(content, digest_size=16).hexdigest(),
        whole=status.st_size <= 2 * END_BYTES,
    )


def _read(path: Path, count: int) -> tuple[bytes, os.stat_result]:
    """Return so many bytes of a file's beginning and of its end, and its status."""
    file = open_regular(path, os.O_RDONLY)
    try:
        status = os.fstat(file)
        rest = max(count, status.st_size - count)
        return os.pread(file, count, 0) + os.pread(file, count, rest), status
    finally:
        os.close(file)
