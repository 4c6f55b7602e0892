"""All that is known once a trial has ended, or its output was read: what a report is made of."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from automl.readers.advice.suggested import Source
from automl.studies.checking.end import End
from automl.studies.checking.names import TRIAL_DIR
from automl.studies.checking.plan import Plan
from automl.studies.checking.running.seen import Seen
from automl.study.spec import StudySpec

_STREAMS = {f"{TRIAL_DIR}/stdout.log", f"{TRIAL_DIR}/stderr.log"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of one trial.

    Attributes:
        spec: the study.
        plan: what it ran.
        end: how it ended.
        seen: what was found of each metric.
        files: where each metric was looked for.
        others: other files that it wrote.
        before: metric files of earlier runs, which were left alone, with the second since 1970
            in which each was written.
        warnings: what its readers tell besides, by kind.
        told_before: what is told of the study before anything starts.
        masked: takes secrets out of a text.
        trial_id: its number.
    """

    spec: StudySpec
    plan: Plan
    end: End
    seen: Mapping[str, Seen]
    files: Mapping[str, str]
    others: Sequence[str] = ()
    before: Mapping[str, float] = field(default_factory=dict)
    warnings: Mapping[str, str]
    told_before: Sequence[str] = ()
    masked: Callable[[str], str]
    trial_id: int

    @property
    def missing(self) -> list[str]:
        """The metrics without any number."""
        return [name for name, seen in self.seen.items() if not seen.count]

    def name_of(self, path: str) -> str:
        """Return what a file is called."""
        return self.plan.names.of(path)

    def said(self, text: str) -> str:
        """Return a text with files as they are called, and no secret."""
        return self.masked(self.plan.names.said(text))

    @property
    def outputs(self) -> tuple[str, str]:
        """What the commands printed, on both streams."""
        return self.plan.names.outputs

    def sources(self, metric: str) -> list[Source]:
        """Return the files in which a metric may be, those where it was looked for first."""
        paths = dict.fromkeys([self.files[metric], *self.outputs, *self.others])
        named = {one: self.location(one) for one in paths}
        return [Source(one, named[one], named[one] in _STREAMS) for one in paths if named[one]]

    def location(self, path: str) -> str:
        """Return how a reader names a file of this trial; empty if all trials write that file."""
        reader = next(
            (self.spec.reader_of(name) for name, file in self.files.items() if file == path), None
        )
        if reader and self.plan.names.typed:
            return reader.location
        if path.startswith(f"{self.plan.names.trial_dir}/"):
            return f"{TRIAL_DIR}{path.removeprefix(self.plan.names.trial_dir)}"
        if reader:
            return reader.location
        number = rf"(?<![^/_.-]){self.trial_id}(?![^/_.-])"
        own = re.sub(number, "{{ trial.id }}", self.name_of(path), count=1)
        return own if own != self.name_of(path) else ""
