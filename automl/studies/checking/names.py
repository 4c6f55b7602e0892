"""What the files of a checked trial are called where they are shown."""

import os
from dataclasses import dataclass

TRIAL_DIR = "{{ trial.dir }}"
"""Stands for the trial's folder, as in a reader's location."""

STUDY_DIR = "{{ study.dir }}"

_STREAMS = ("stdout", "stderr")
_BOTH = "stdout.log or stderr.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What files are called.

    Attributes:
        trial_dir: the trial's folder.
        study_dir: what stands for the study's folder.
        outputs: what its commands printed, on both streams.
        cwd: their working directory.
        typed: what the user called a file that is read in the place of all others; may be empty.
    """

    trial_dir: str
    study_dir: str
    outputs: tuple[str, str]
    cwd: str
    typed: str = ""

    def of(self, path: str) -> str:
        """Return what a file is called: stdout, a path from the working directory, or as typed."""
        if self.typed:
            return self.typed
        if path in self.outputs:
            return _STREAMS[self.outputs.index(path)]
        if path.startswith(f"{self.trial_dir}/"):
            return f"{TRIAL_DIR}{path.removeprefix(self.trial_dir)}"
        return os.path.relpath(path, self.cwd) if path.startswith(f"{self.cwd}/") else path

    def said(self, text: str) -> str:
        """Return a text with files as they are called in the place of their paths."""
        if self.typed:
            text = text.replace(_BOTH, self.typed)
        for path in self.outputs:
            text = text.replace(path, self.of(path))
        text = self.written(text.replace(f" of {self.trial_dir}", ""))
        if self.cwd == os.sep:
            return text
        return text.replace(f"{self.cwd}/./", "").replace(f"{self.cwd}/", "")

    def written(self, text: str) -> str:
        """Return a text with placeholders for the folders of the trial and the study."""
        return text.replace(self.trial_dir, TRIAL_DIR).replace(self.study_dir, STUDY_DIR)
