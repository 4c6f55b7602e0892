"""A trial's folder: from parameter values to a script that is ready to start."""

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from automl.journal.folder import StudyFolder, TrialFolder
from automl.launch.checkpoints import Checkpoints
from automl.launch.environment import environment_notes, secret_values
from automl.launch.folder_contents import FolderContents, told_of
from automl.launch.launch_note import LaunchNote, note_of
from automl.launch.leavings.leavings import Leavings
from automl.launch.secret_values import SecretValues
from automl.launch.study_templates import FilledIn, StudyTemplates
from automl.launch.trial_scripts import TrialScripts
from automl.launch.trial_values import TrialValues, ValueTexts, as_json, value_texts
from automl.space.space import Params
from automl.study.launch import LEAVES_EXIT, Direct, Launch, Prologue
from automl.study.resources import Grant
from automl.study.spec import StudySpec
from automl.study.trial import Trial


class Launcher:
    """Prepares the folders of trials.

    Everything that can be checked without a trial is checked when it is made.

    Args:
        spec: the study.
        folder: where it lives.
        seed: the study's seed in force; trials get seeds derived from it.
        uid: the study's own id, part of every trial's mark.
        environ: the controller's environment.
        prologue: what the place where the trials run puts around the commands of their scripts.
        before_launch: called before each launch is prepared; what it raises ends the controller.

    Attributes:
        place: the real path of the study's folder.
        leavings: what of a trial's folder may be removed.
        continues: whether the commands can go on from what an earlier launch left.
        doubtful: words that programs may take for something else, and files of which none is told
            where they are, one warning each.
        unused: the parameters that no command or variable names, and no condition needs.
        asked: those of the others for which programs ask by `automl.params`.
        reached: where the value of each parameter goes, as far as something names it.
        mistaken: what to refuse of a parameter in another form than that of a placeholder.
        all_alike: whether all trials would run the very same commands.
        seeded: whether they get the trial's seed.
        secrets: what no file may hold.
        shared: the metrics whose files other trials may write, too, as patterns name them.
        open: the metrics in stores where not only one trial writes, which tell runs apart by tags.
        shell: the path of the shell that runs its scripts.
        notes: what is told once, when the study begins.
        uid: the study's own id.

    Raises:
        SpecError: a template is malformed or uses an unknown placeholder, two trials would write
            one metric file, or a variable of `secret_env` is not set.
    """

    def __init__(  # noqa: PLR0913 - each from another room
        self,
        spec: StudySpec,
        folder: StudyFolder,
        seed: int,
        uid: str,
        environ: Mapping[str, str],
        *,
        prologue: Prologue = LEAVES_EXIT,
        before_launch: Callable[[], None] = lambda: None,
    ) -> None:
        self._before_launch = before_launch
        self._spec = spec
        self._folder = folder
        self.uid = uid
        self.place = os.path.realpath(folder.path)
        self._templates = StudyTemplates(spec, environ)
        templates = self._templates
        self._values = TrialValues(
            spec, folder, seed, templates.files.paths, templates.workspaces.cwd
        )
        self.leavings = Leavings(spec, folder, self._values, self._templates)
        self._checkpoints = Checkpoints(folder, kept=self._templates.keeps_checkpoint)
        self.secrets = SecretValues(secret_values(spec, environ))
        self._scripts = TrialScripts(spec, self._templates, environ, prologue)
        self.continues = self._templates.continues
        self.doubtful = self._templates.doubtful
        self.unused = self._templates.unused
        self.asked = self._templates.asked
        self.reached = self._templates.reached
        self.mistaken = self._templates.mistaken
        self.all_alike = self._templates.all_alike
        self.seeded = self._templates.seeded
        self.shared = self._templates.places.shared
        self.open = self._templates.places.open
        self.shell = self._scripts.shell
        # A function has its Python by its path.
        self.notes = [] if spec.of_functions else environment_notes(spec, environ)

    def command_line(self, trial: Trial, here: str = "") -> str:
        """Return the trial's commands, with the variables of `env=`, as a line for a shell.

        They are those that gave its value: a trial that was confirmed has run others since.

        Args:
            trial: which; the line is empty for one that a program asked for.
            here: the folder where the line is to work; any, if not given.
        """
        if trial.asked:
            return ""
        if self._spec.of_functions:
            return f"{self.shell} {shlex.quote(self._folder.trial(trial.id).script)}"
        gave = trial.counted[-1:]
        trial = replace(trial, stage=gave[0].stage if gave else trial.stage)
        return self._scripts.pasted(self._values.of(trial), here)

    def filled(self, trial: Trial) -> FilledIn:
        """Return what a trial would run; nothing is written.

        Raises:
            RenderError: a template cannot be filled in.
        """
        return self._templates.filled(self._values.of(trial))

    def metric_paths(self, trial: Trial) -> dict[str, str]:
        """Return the absolute path of the file in which each of the trial's metrics appears."""
        return self._templates.metric_paths(self._values.of(trial))

    def own_paths(self, trial: Trial) -> dict[str, str]:
        """Return the same, without files and folders that are of many launches."""
        return self._templates.places.own_paths(self._values.of(trial))

    def cwd(self, trial: Trial) -> str:
        """Return the absolute path of the folder in which the trial's commands run."""
        return self._values.of(trial).cwd

    def file_paths(self, trial: Trial) -> Sequence[str]:
        """Return the absolute paths of all files that are written for the trial's commands.

        Raises:
            RenderError: one cannot be filled in.
        """
        return [one.path for one in self._templates.files.filled(self._values.of(trial))]

    def objects(self, trial: Trial) -> dict[str, str]:
        """Return the URL of each of the trial's metric files that is on another machine."""
        return self._templates.places.objects(self._values.of(trial))

    def check_commands(self, params: Params) -> None:
        """Raise RenderError unless all that a trial needs can be filled in with these values."""
        self._templates.check(self._values.of(Trial(id=0, params=params)))

    def mark(self, trial_id: int) -> str:
        """Return what every process of a trial carries in its environment."""
        return f"{self.uid}:{trial_id}"

    def note(self, trial: Trial, attempt: int) -> LaunchNote:
        """Return what tells the folder of a launch from that of any other."""
        return note_of(trial, attempt, self.uid, self.place, as_json(trial.planned))

    def prepare(self, trial: Trial, attempt: int, grant: Grant) -> Launch:
        """Write the folder of a trial and return what to start.

        What an earlier attempt, or an earlier study, left where this attempt writes is moved to
        `attempts/` first, so that an old number can never be read as a new one. All that is there
        is moved, checkpoints too, if it is not what an earlier attempt at this trial left.

        Args:
            trial: what to run; there is nothing to start for one that a program asked for.
            attempt: its number, from 1.
            grant: what it was given of the machine.

        Raises:
            RenderError: a template could not be filled in.
            LaunchError: the folder cannot be written for a reason of this trial's.
            StorageError: the folder cannot be written now, by no trial.
        """
        self._before_launch()
        paths = self._folder.trial(trial.id)
        context = self._values.of(trial)
        copy = self._checkpoints.copied(trial, context)
        files = self._templates.files.filled(context)
        mark = self.mark(trial.id)
        scripts = self._scripts.texts(context, attempt, grant, copy, files, mark)
        values = value_texts(trial)
        contents = FolderContents(
            note=self.note(trial, attempt),
            files=[one for one in files if one not in scripts.late],
            cleanup=scripts.cleanup,
            script="" if trial.asked else scripts.trial,
            params=values.params,
            proposed=values.proposed,
            private=self._spec.private,
            by_time=bool(self._templates.places.patterns),
        )
        written = self._templates.written_paths(context)
        with told_of(trial.id, paths):
            contents.make_room(paths, written)
            self._checkpoints.prepare(trial, context)
            self.leavings.prepare(paths, attempt)
            contents.write(paths)
        launch = self._launch(trial.id, attempt, paths, grant, scripts.direct, values)
        if not self._templates.places.remote:
            return launch
        objects = dict.fromkeys(self._templates.places.objects(context).values())
        return replace(launch, objects=tuple(objects))

    def _launch(
        self,
        trial_id: int,
        attempt: int,
        paths: TrialFolder,
        grant: Grant,
        direct: Direct | None,
        values: ValueTexts,
    ) -> Launch:
        """Return what to start once a trial's folder is written."""
        return Launch(
            trial_id=trial_id,
            script=paths.script,
            stdout=paths.stdout,
            stderr=paths.stderr,
            exit_path=paths.exit,
            mark=self.mark(trial_id),
            attempt=attempt,
            place=self.place,
            cpus=grant.cpus,
            nice=self._spec.resources.nice,
            memory_bytes=self._spec.resources.memory_bytes,
            shell=self.shell,
            direct=direct,
            given=values.given,
        )
