"""What a program answers to `--help`, asked so that it can do no harm."""

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from automl.discovery.given import with_given
from automl.discovery.help_text.asking import guard
from automl.discovery.help_text.asking.known_help import knows_help, removes_files
from automl.discovery.help_text.asking.program import Program, program_in
from automl.discovery.help_text.parsed import HelpText, parse_help
from automl.discovery.option import Found, How, Option
from automl.errors import LaunchError
from automl.journal.folder import TrialFolder
from automl.studies.draft.short_run import EndedBy, Job, Ran, run_shortly, short_lived_folder

LIMIT_S = 10.0
MOST_BYTES = guard.MOST_BYTES
_MOST_SUBCOMMANDS = 2
_PLAIN = {
    "COLUMNS": "160",
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "PAGER": "cat",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TERM": "dumb",
}
"""Variables by which a help text becomes one that can be read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command runs.

    Attributes:
        cwd: absolute path of its working directory.
        environ: its environment.
    """

    cwd: str
    environ: Mapping[str, str]


def ask_for_help(
    words: Sequence[str], place: Place, say: Callable[[str], None], limit_s: float = LIMIT_S
) -> Found:
    """Return the options that a command's program tells of for `--help`.

    It is asked only where its file looks as if it knew that word: any other would just run. While
    it answers it can write nowhere but into a folder that is removed, where the kernel can see to
    that. It is ended with all that it started.

    Args:
        words: the command.
        place: where it runs.
        say: is told what is done.
        limit_s: for how long it may run.

    Raises:
        OSError: nothing can be written into a temporary folder.
    """
    program = program_in(words, Path(place.cwd), place.environ)
    if why := program.why_not or _why_not(program):
        return Found((), (f"{_name(program, words)} was not asked for --help: {why}",), How.HELP, 0)
    asking = _Asking(program, words[program.start :], place, say, limit_s)
    options = asking.options()
    doubts = tuple(asking.doubts)
    if not options and not doubts:
        doubts = (f"{asking.line()} told of no options that could be read",)
    own = words[program.start :]
    given = with_given(options, own)
    return Found(given, doubts, How.HELP, program.start, options_at=asking.options_at)


def _name(program: Program, words: Sequence[str]) -> str:
    return shlex.join(program.words or words[:1])


def _why_not(program: Program) -> str:
    if program.file is None:
        return "the file of its code was not found"
    if not knows_help(program.file):
        return f"nothing in {program.file.name} looks as if it knew that word, so it would just run"
    if not guard.landlock_version() and removes_files(program.file):
        return f"{program.file.name} removes files, and nothing here could keep it from that"
    return ""


class _Asking:
    """Asks a program, and its subcommands.

    Args:
        program: which.
        own: its own words in the command.
        place: where it runs.
        say: is told what is done.
        limit_s: for how long each may run.

    Attributes:
        doubts: what could not be read, and why.
        options_at: how many of its own words go before its options; None if that is the same.
    """

    def __init__(
        self,
        program: Program,
        own: Sequence[str],
        place: Place,
        say: Callable[[str], None],
        limit_s: float,
    ) -> None:
        self._program = program
        self._own = own
        self._place = place
        self._say = say
        self._limit_s = limit_s
        self.doubts: list[str] = []
        self.options_at: int | None = None

    def line(self, *more: str) -> str:
        """Return how it is asked, as a line for a shell."""
        return shlex.join([*self._program.words, *more, "--help"])

    def options(self) -> tuple[Option, ...]:
        """Return the options of the program, and of the subcommands in its command."""
        text = self._asked(())
        options = text.options
        path: tuple[str, ...] = ()
        for word in self._bare_words():
            known = word in text.commands
            # Some list no subcommands; then only a program without options of its own is asked.
            if not known and (options or path):
                break
            path = (*path, word)
            text = self._asked(path)
            if not known and not text.options:
                break
            options += text.options
        self.options_at = len(path) if text.options_first else None
        if not options and text.commands:
            listed = ", ".join(text.commands[:8])
            self.doubts.append(f"it has subcommands, and the command names none: {listed}")
        return options

    def _bare_words(self) -> list[str]:
        found: list[str] = []
        for word in self._own:
            path = Path(self._place.cwd, word)
            if not word[:1].isalpha() or "=" in word or os.path.lexists(path):
                break
            found.append(word)
        return found[:_MOST_SUBCOMMANDS]

    def _asked(self, path: tuple[str, ...]) -> HelpText:
        self._say(f"asking for options: {self.line(*path)}")
        parsed = [parse_help(one, " ".join(path)) for one in self._answers(path)]
        return max(parsed, key=lambda one: (len(one.options), len(one.commands)))

    def _answers(self, path: tuple[str, ...]) -> tuple[str, str]:
        """Return what the program prints on its two streams."""
        with short_lived_folder() as folder:
            try:
                ran = run_shortly(self._job(path, folder), folder)
            except LaunchError as error:
                self.doubts.append(f"{self.line(*path)} could not be started: {error}")
                return "", ""
            if told := _told(ran, folder, self._limit_s):
                self.doubts.append(f"{self.line(*path)} {told}")
            return _read(folder.stdout), _read(folder.stderr)

    def _job(self, path: tuple[str, ...], folder: TrialFolder) -> Job:
        python = sys.executable or shutil.which("python3") or "python3"
        guarded = [python, "-I", "-S", str(Path(guard.__file__).resolve()), folder.path]
        own = {"TMPDIR": folder.path, "XDG_CACHE_HOME": folder.path, "MPLCONFIGDIR": folder.path}
        return Job(
            words=[*guarded, *self._program.words, *path, "--help"],
            cwd=self._place.cwd,
            environ=self._place.environ,
            more={**_PLAIN, **own},
            limit_s=self._limit_s,
            most_bytes=MOST_BYTES,
        )


def _told(ran: Ran, folder: TrialFolder, limit_s: float) -> str:
    """Return what is worth telling of how it went; empty if all went well."""
    if ran.by is EndedBy.TIME:
        return f"did not end within {limit_s:g} s, and was ended; what it had printed was read"
    if ran.by is EndedBy.OUTPUT or _is_full(folder):
        return f"printed more than {MOST_BYTES >> 20} MB, and was ended; the beginning was read"
    if ran.exit.code and not _read(folder.stdout) and not _read(folder.stderr):
        return f"printed nothing and ended with {ran.exit}"
    return ""


def _is_full(folder: TrialFolder) -> bool:
    """Tell whether a stream has all that it may hold, so that the guard ended the program."""
    return any(len(_read(path)) >= MOST_BYTES for path in (folder.stdout, folder.stderr))


def _read(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
