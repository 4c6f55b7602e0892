"""What placeholders stand for in one launch of a trial: its values, seed, budget and folders."""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from automl.inside.calling.given import Given
from automl.journal.folder import StudyFolder
from automl.render.context import TemplateContext
from automl.space.kinds.flag import flag_words, flags_in
from automl.study.spec import StudySpec
from automl.study.trial import Purpose, Stage, Trial


class TrialValues:
    """Gives what the templates of a study are filled in with.

    Args:
        spec: the study.
        folder: where it lives.
        seed: the study's seed in force; trials get seeds derived from it.
        files: gives the paths of the config files of a trial, by name.
        cwd: gives the working folder of a trial.
    """

    def __init__(
        self,
        spec: StudySpec,
        folder: StudyFolder,
        seed: int,
        files: Callable[[TemplateContext], Mapping[str, str]],
        cwd: Callable[[TemplateContext], str],
    ) -> None:
        self._name = spec.name
        self._cwd = spec.cwd
        self._own_cwd = cwd if spec.workspace else None
        self._flags = flags_in(spec.space)
        self._repeats = spec.noise.repeats
        self._folder = folder
        self._study_dir = str(folder.path)
        self._seed = seed
        self._files = files

    def of(self, trial: Trial) -> TemplateContext:
        """Return the values of a trial at its present stage."""
        paths, stage = self._folder.trial(trial.id), trial.stage
        # Another seed is another training, which must not find what the first one saved.
        apart = f"-{stage.purpose}-{stage.seed_number}" if stage.seed_number else ""
        context = TemplateContext(
            trial_id=trial.id,
            params=trial.params,
            trial_dir=paths.path,
            seed=launch_seed(self._seed, trial.id, stage, self._repeats),
            study_name=self._name,
            study_dir=self._study_dir,
            budget=stage.budget,
            previous_budget=stage.previous_budget,
            checkpoint_id=trial.source,
            checkpoint_dir=paths.checkpoint + apart,
            scratch=paths.scratch,
            flags=flag_words(self._flags, trial.params),
            run=len(trial.results),
            cwd=self._cwd,
        )
        if self._own_cwd:
            context = replace(context, cwd=self._own_cwd(context))
        files = self._files(context)
        return replace(context, files=files) if files else context


class ValueTexts(NamedTuple):
    """The values of a launch, as its files have them.

    Attributes:
        params: those of the trial; where the space is learnt, those that are proposed.
        proposed: these with their ranges; empty where the space is described.
    """

    params: str
    proposed: str

    @property
    def given(self) -> Given:
        """What a function is given of them."""
        return Given(self.proposed or self.params, ranges=bool(self.proposed))


def value_texts(trial: Trial) -> ValueTexts:
    """Return `params.json` and `proposed.json` of a launch."""
    offers = trial.offers
    if offers is None:
        return ValueTexts(as_json(trial.params) + "\n", "")
    values = {name: one.value for name, one in offers.items()}
    ranges = {name: one.range.described() for name, one in offers.items() if one.range}
    proposed = {name: {"value": values[name], "range": ranges.get(name)} for name in offers}
    return ValueTexts(as_json(values) + "\n", as_json(proposed) + "\n")


def as_json(params: Mapping[str, object]) -> str:
    """Return values as JSON."""
    return json.dumps(dict(params))


def launch_seed(study_seed: int, trial_id: int, stage: Stage, repeats: int) -> int:
    """Return the seed of one launch, from 0 to 2**31 - 1, the same for the same arguments.

    Seeds that are there to compare trials with each other, for repeats and confirmation, are the
    same for every trial: the differences between trials are then smaller than between seeds.
    """
    what = str(trial_id)
    if repeats > 1 or stage.purpose is Purpose.CONFIRM:
        what = f"{stage.purpose} {stage.seed_number}"
    return zlib.crc32(f"{study_seed}/{what}".encode()) & 0x7FFFFFFF
