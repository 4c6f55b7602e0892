"""A study is known by its journal alone."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from test_describe import studies
from written_studies import AT, STUDY

from automl.errors import JournalError
from automl.journal.events import VERSION, StudyOpened
from automl.studies.on_disk.recorded import recorded_spec
from automl.study.noise import Noise
from automl.study.objective import Objectives
from automl.study.spec import StudySpec


def opening(study: dict[str, Any]) -> StudyOpened:
    return StudyOpened(v=VERSION, at=AT, study=study, seed=1, uid="u", host="h", pid=1)


def without_lone_weight(objectives: Objectives) -> Objectives:
    if len(objectives.items) > 1:
        return objectives
    return replace(objectives, items=(replace(objectives.items[0], weight=None),))


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(studies())
def test_the_journal_tells_what_a_study_is(spec: StudySpec) -> None:
    noise = Noise(repeats=spec.noise.repeats, confirm=spec.noise.confirm)
    tasks = tuple(replace(one, success_codes=(0,)) for one in spec.tasks)  # type: ignore[type-var]
    secret = tuple(sorted(set(spec.secret_env)))
    told = replace(
        spec,
        tasks=tasks,
        noise=noise,
        objectives=without_lone_weight(spec.objectives),
        detach=False,
        on_end=None,
        secret_env=secret,
    )
    found = recorded_spec(spec.name, opening(spec.describe()))
    assert found == told
    assert found.identity() == spec.identity()


def test_what_this_release_cannot_read_is_told() -> None:
    with pytest.raises(JournalError, match="the study 'x' has not begun"):
        recorded_spec("x", None)
    with pytest.raises(JournalError, match=r"'x' describes it .* 'tasks' is missing\. Use the rel"):
        recorded_spec("x", opening(STUDY))
