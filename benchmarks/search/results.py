"""Runs of searchers on tasks, each done once: kept in a file, spread over processes."""

import dataclasses
import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from benchmarks.search.catalogue import task_of
from benchmarks.search.front import Front
from benchmarks.search.searchers import SEARCHERS
from benchmarks.search.trace import Setting, Trace, front_trace, trace_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One search to run; every field is part of its key in the file."""

    task: str
    searcher: str
    slots: int
    trials: int
    seed: int

    @property
    def key(self) -> str:
        """What names it in the file of results."""
        return f"{self.task}/{self.searcher}/{self.slots}/{self.trials}/{self.seed}"


def run_job(job: Job) -> tuple[Trace, float]:
    """Run one search; return what it did, and the CPU seconds that it took for each trial."""
    task = task_of(job.task)
    setting = Setting(slots=job.slots, seed=job.seed, trials=job.trials)
    began = time.process_time()
    ends = SEARCHERS[job.searcher].run(task, setting)
    used_s = time.process_time() - began
    trace = front_trace(task, ends) if isinstance(task, Front) else trace_of(task, ends)
    return trace, round(used_s / job.trials, 5)


class Results:
    """The searches that were run, in memory and, line by line, in a file.

    A torn last line, as an interrupted run leaves it, is written over.

    Args:
        path: the file; it is made if missing. None keeps nothing.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._found: dict[str, Trace] = {}
        self._cpu_s: dict[str, float] = {}
        if path and path.exists():
            self._load(path)

    def __contains__(self, job: Job) -> bool:
        return job.key in self._found

    def __getitem__(self, job: Job) -> Trace:
        return self._found[job.key]

    def cpu_s(self, job: Job) -> float:
        """Return the CPU seconds for each trial, those of the search alone."""
        return self._cpu_s[job.key]

    def add(self, job: Job, trace: Trace, cpu_s: float) -> None:
        """Keep the outcome of a search."""
        self._found[job.key] = trace
        self._cpu_s[job.key] = cpu_s
        if self._path:
            line = json.dumps({"key": job.key, "cpu_s": cpu_s, **dataclasses.asdict(trace)})
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")

    def run(self, jobs: Iterable[Job], processes: int) -> Iterator[Job]:
        """Run the searches that are not known yet, and yield each once it is."""
        missing = [job for job in dict.fromkeys(jobs) if job not in self]
        if processes == 1:
            for job in missing:
                self.add(job, *run_job(job))
                yield job
            return
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            waiting = {pool.submit(run_job, job): job for job in missing}
            for done in as_completed(waiting):
                self.add(waiting[done], *done.result())
                yield waiting[done]

    def _load(self, path: Path) -> None:
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            path.write_bytes(whole)
        for line in whole.splitlines():
            told = json.loads(line)
            key, cpu_s = told.pop("key"), told.pop("cpu_s")
            told["changes"] = tuple(tuple(change) for change in told["changes"])
            self._found[key] = Trace(**told)
            self._cpu_s[key] = cpu_s
