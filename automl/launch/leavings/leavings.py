"""What of a trial's folder is removed once it has ended, and what never is."""

import glob
from collections.abc import Sequence
from dataclasses import dataclass, replace

from automl.errors import RenderError, SpecError
from automl.journal.disk.removal import Parts
from automl.journal.folder import Place, StudyFolder, TrialFolder
from automl.launch.leavings.scratch import EARLIER, make_scratch
from automl.launch.study_templates import StudyTemplates
from automl.launch.trial_values import TrialValues
from automl.launch.written.written_file import FOLDER
from automl.readers.patterns.walk import Walk
from automl.render.template import Template, TemplateContext
from automl.study.spec import StudySpec
from automl.study.trial import Trial

SCRATCH: tuple[Parts, ...] = (("scratch",), (f"{EARLIER}*",))

_DRAWS = 20
"""With so many random combinations each pattern is tried before the study starts."""

_THEIRS = {"checkpoint", "scratch"}
"""What of a trial's folder is not automl's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What is removed of one trial.

    Attributes:
        patterns: what is removed, as paths below the trial's folder.
        spared: what stays all the same.
        problem: which pattern could not be used for this trial, and why; empty if all could.
    """

    patterns: tuple[Parts, ...]
    spared: tuple[Parts, ...]
    problem: str = ""


class Leavings:
    """Tells what of a trial's folder is removed once it has ended.

    Args:
        spec: the study.
        folder: where it lives.
        values: fills in the patterns.
        templates: the study's.

    Raises:
        SpecError: a pattern names something that is not below the trial's folder.
    """

    def __init__(
        self, spec: StudySpec, folder: StudyFolder, values: TrialValues, templates: StudyTemplates
    ) -> None:
        self._folder = folder
        self._values = values
        self._templates = templates
        self.any = templates.uses_scratch or spec.keep.count is not None
        for params in spec.space.draws(_DRAWS if templates.artifacts else 0):
            self._check(Trial(id=0, params=params))

    def prepare(self, paths: TrialFolder, attempt: int) -> None:
        """Make the scratch folder of an attempt, where anything names it.

        Raises:
            OSError: it cannot be made.
        """
        if self._templates.uses_scratch:
            make_scratch(paths, attempt)

    def of(self, trial: Trial, *, artifacts: bool) -> Leaving:
        """Return what is removed of a trial.

        Args:
            trial: which.
            artifacts: what `artifacts=` names too, not only its scratch folder.
        """
        paths = self._folder.trial(trial.id)
        # Each of its launches may have had another seed, and another folder for it.
        stages = dict.fromkeys([*(one.stage for one in trial.results), trial.stage])
        contexts = [self._values.of(replace(trial, stage=stage)) for stage in stages]
        patterns, problem = list(SCRATCH if self._templates.uses_scratch else ()), ""
        for context in contexts if artifacts else ():
            for template in self._templates.artifacts:
                try:
                    patterns.append(_below(template, context))
                except (RenderError, SpecError) as error:
                    problem = str(error)
        return Leaving(
            patterns=tuple(dict.fromkeys(patterns)),
            spared=(*_own(paths), *self._metrics(paths, contexts)),
            problem=problem,
        )

    def _metrics(self, paths: TrialFolder, contexts: Sequence[TemplateContext]) -> list[Parts]:
        """Return the metric files that are in the trial's folder, but not in its scratch folder."""
        named = [one for each in contexts for one in self._templates.metric_paths(each).values()]
        inside = [one for one in named if one.startswith(f"{paths.path}/")]
        if self._templates.places.patterns:
            inside = [match.path for one in inside for match in Walk(one).matches()]
        parts = [_parts(one.removeprefix(f"{paths.path}/")) for one in inside]
        return [one for one in parts if one[:1] != ("scratch",)]

    def _check(self, trial: Trial) -> None:
        context = self._values.of(trial)
        for template in self._templates.artifacts:
            try:
                _below(template, context)
            except RenderError:
                # It needs a parameter that is off in such a trial, which then has no such file.
                continue


def _below(template: Template, context: TemplateContext) -> Parts:
    """Return a pattern for one trial, part by part.

    Raises:
        SpecError: it is not below the trial's folder.
        RenderError: it cannot be filled in.
    """
    params = {
        name: glob.escape(value) if isinstance(value, str) else value
        for name, value in context.params.items()
    }
    text = template.render(replace(context, params=params))
    inside = text.removeprefix(f"{context.trial_dir}/")
    parts = _parts(inside)
    if inside == text or not parts or ".." in parts:
        raise SpecError(
            f"artifacts: {template.shown} is not below the trial's folder, and automl removes only "
            "what is there: begin it with {{ trial.dir }}/, as in {{ trial.dir }}/model*"
        )
    return parts


def _parts(path: str) -> Parts:
    return tuple(part for part in path.split("/") if part not in {"", "."})


def _own(paths: TrialFolder) -> list[Parts]:
    """Return what automl itself has written into a trial's folder."""
    places = [name for name, one in vars(TrialFolder).items() if isinstance(one, Place)]
    names = [one for one in places if one not in _THEIRS]
    own = [str(getattr(paths, name)).removeprefix(f"{paths.path}/") for name in names]
    return [_parts(one) for one in [*own, FOLDER]]
