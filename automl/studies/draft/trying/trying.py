"""A command, run for some seconds as it is, to see its metric."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from automl.errors import LaunchError, ReadError
from automl.inside.files import REPORTS
from automl.inside.marks import TRIAL_DIR_VARIABLE
from automl.journal.folder import TrialFolder
from automl.readers.advice.outputs import tail_of
from automl.readers.advice.suggested import Source
from automl.readers.follower import Follower
from automl.readers.named.reader import StdoutReader
from automl.studies.checking.running.written import written_since
from automl.studies.draft.asked_help import Place
from automl.studies.draft.draft import Metric
from automl.studies.draft.short_run import EndedBy, Job, Ran, run_shortly, short_lived_folder
from automl.studies.draft.text.comments import line_of
from automl.studies.draft.trying.reported import reported_metric, reported_numbers
from automl.studies.draft.trying.seen import likely_metric, seen_metric

LIMIT_S = 20.0
MOST_BYTES = 64 << 20
_LOOK_BYTES = 1 << 20
_LAST_LINES = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """What a short run showed.

    Attributes:
        metrics: those that were asked for, or one that was seen, with what reads each.
        doubts: what went wrong, sentences for the user.
    """

    metrics: tuple[Metric, ...]
    doubts: tuple[str, ...] = ()


def try_command(
    words: Sequence[str],
    place: Place,
    asked: Sequence[Metric],
    say: Callable[[str], None],
    limit_s: float = LIMIT_S,
) -> Tried:
    """Run a command until its metrics were seen, and return how to read them.

    It runs in its own folder and may do there what it always does. It is ended with all that it
    started.

    Args:
        words: the command.
        place: where it runs.
        asked: the metrics that are looked for; the likeliest one if none.
        say: is told what is done.
        limit_s: for how long it may run.

    Raises:
        OSError: nothing can be written into a temporary folder.
    """
    say(f"running for {limit_s:g} s at most: {line_of(words)}")
    since_ns = time.time_ns()
    with short_lived_folder() as folder:
        job = Job(
            words=words,
            cwd=place.cwd,
            environ=place.environ,
            limit_s=limit_s,
            most_bytes=MOST_BYTES,
            enough=_Enough([one.name for one in asked]),
            more={TRIAL_DIR_VARIABLE: folder.path},
        )
        # A program that asks for its values keeps its own.
        Path(folder.params).write_text("{}", encoding="utf-8")
        try:
            ran = run_shortly(job, folder)
        except LaunchError as error:
            return Tried(tuple(asked), (f"the command could not be started: {error}",))
        sources = [*_streams(folder), *_files(place, since_ns)]
        told = reported_numbers(f"{folder.path}/{REPORTS}")
        metrics = [reported_metric(one, told) or seen_metric(one, sources) for one in asked]
        metrics = metrics or [reported_metric(Metric(), told) or likely_metric(sources)]
        for one in metrics:
            say(f"{one.name or 'metric'}: {'; '.join(one.told)}")
        seen = all(one.reader or one.reported for one in metrics)
        return Tried(tuple(metrics), _doubts(ran, folder, limit_s, seen=seen))


class _Enough:
    """Tells when all metrics that are looked for by name have been seen.

    Args:
        names: theirs.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._left = list(names)
        self._followers: dict[str, Follower] = {}

    def __call__(self, folder: TrialFolder) -> bool:
        """Look at what was printed since."""
        had_names = bool(self._left or self._followers)
        told = reported_numbers(f"{folder.path}/{REPORTS}") if self._left else {}
        for name in list(self._left):
            if name in told or self._is_seen(name, folder.stdout):
                self._left.remove(name)
        return had_names and not self._left

    def _is_seen(self, name: str, path: str) -> bool:
        with suppress(ReadError):
            if name not in self._followers:
                self._followers[name] = StdoutReader(metric=name).follow(path)
            look = self._followers[name].read(ended=False, limit_bytes=_LOOK_BYTES)
            return any(points.values for points in look.measurements.values())
        return False


def _streams(folder: TrialFolder) -> list[Source]:
    return [
        Source(path, f"{{{{ trial.dir }}}}/{Path(path).name}", stream=True)
        for path in (folder.stdout, folder.stderr)
    ]


def _files(place: Place, since_ns: int) -> list[Source]:
    """Return the files that the command wrote below its folder, each named as from there."""
    paths = written_since([place.cwd], since_ns, [])
    return [Source(path, f"{{{{ trial.dir }}}}/{Path(path).name}", stream=False) for path in paths]


def _doubts(ran: Ran, folder: TrialFolder, limit_s: float, *, seen: bool) -> tuple[str, ...]:
    if ran.by is EndedBy.TIME and not seen:
        return (f"no metric was seen within {limit_s:g} s; --for 2m gives the command more time",)
    if ran.by is not EndedBy.ITSELF or ran.exit.code == 0:
        return ()
    lines = [line for line in tail_of(folder.stderr) or tail_of(folder.stdout) if line.strip()]
    shown = " | ".join(line.strip() for line in lines[-_LAST_LINES:])
    return (f"the command failed in the short run, {ran.exit}{f': {shown}' if shown else ''}",)
