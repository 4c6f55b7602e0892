"""What a launch writes into its trial's folder, in the order that a kill must find."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from automl.errors import LaunchError, RenderError, StorageError, may_pass
from automl.journal.disk.files import make_folder
from automl.journal.folder import TrialFolder
from automl.launch.launch_note import LaunchNote
from automl.launch.trial_files import make_room, wait_for_tick, write_file, write_whole
from automl.launch.written.written_file import WrittenFile


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderContents:
    """The files of one launch.

    Args:
        note: of which launch the folder is.
        files: the config files of the trial.
        cleanup: the script for when nothing of the launch is left, empty for none.
        script: what the launch runs, empty for nothing.
        params: the trial's values, or those that are proposed to it.
        proposed: these with their ranges, where the space is learnt; else empty.
        private: only the owner may read what holds the user's variables.
        by_time: whether files of the launch are told by their having been written after the note.
    """

    note: LaunchNote
    files: Sequence[WrittenFile]
    cleanup: str
    script: str
    params: str
    proposed: str
    private: bool
    by_time: bool = False

    def make_room(self, paths: TrialFolder, metrics: list[str]) -> None:
        """Make the folders of the launch, and move aside what lies where it will write.

        Raises:
            OSError: that cannot be done.
        """
        # What an earlier attempt drew is not what this one will.
        drawn = [paths.drawn] if self.proposed else []
        # Another study, or an earlier attempt, left what lies at a place of the user's.
        elsewhere = [one.path for one in self.files if not paths.holds(one.path)]
        make_room(paths, [*metrics, *drawn, *elsewhere], self.note, keeps=self.by_time)

    def write(self, paths: TrialFolder) -> None:
        """Write all of them.

        Raises:
            OSError: one cannot be written.
            UnicodeEncodeError: a text in them cannot be given to a program.
        """
        # First: what lies in the folder from here on is of this launch.
        write_whole(paths.note, self.note.text())
        for folder in {os.path.dirname(one.path) for one in self.files} - {paths.path}:  # noqa: PTH120
            make_folder(folder)
        for file in self.files:
            write_whole(file.path, file.text, private=file.private)
        private = self.private or any(file.private for file in self.files)
        # Once there is a script to run, there is one to clean up after it.
        if self.cleanup:
            write_file(paths.cleanup, self.cleanup, private=private)
        if self.script:
            write_file(paths.script, self.script, private=private)
        write_file(paths.params, self.params)
        if self.proposed:
            write_file(paths.proposed, self.proposed)
        if self.by_time:
            wait_for_tick(paths.note)


@contextmanager
def told_of(trial_id: int, paths: TrialFolder) -> Iterator[None]:
    """Say of which trial it is that its folder cannot be written.

    Raises:
        RenderError: a text in it cannot be given to a program.
        LaunchError: it cannot be written for a reason of this trial's.
        StorageError: it cannot be written now, by no trial.
    """
    try:
        yield
    except UnicodeEncodeError as error:
        # Only the surrogates that stand for the bytes of a file's name have bytes to write.
        raise RenderError(
            f"trial {trial_id}: the text {error.object[error.start : error.end]!r} in its "
            "values or commands cannot be given to a program; take it out"
        ) from error
    except OSError as error:
        kind = StorageError if may_pass(error.errno) else LaunchError
        raise kind(
            f"trial {trial_id}: cannot write {error.filename or paths.path}: {error.strerror}"
        ) from error
