"""Each space of another tool is recognised, and the same after it went through a study's file."""

import pytest
from foreign_samples import SAMPLES, Read

from automl.render.config import yaml_text
from automl.render.documents.yaml_reading import yaml_value
from automl.space.parameters import SpaceItem, described
from automl.space.space import SearchSpace
from automl.studies.foreign.registry import SPACES
from automl.studies.given.trial_parts import PARAMETERS_KIND


def space_of(study: dict[str, object]) -> list[object]:
    items: list[SpaceItem] = PARAMETERS_KIND.read(study["hyperparams"], "hyperparams")
    return [described(one) for one in SearchSpace(items)]


@pytest.mark.parametrize(("kind", "name", "text"), SAMPLES, ids=lambda one: str(one)[:20])
def test_a_space_is_recognised_and_kept(read: Read, kind: str, name: str, text: str) -> None:
    found = read(text, name)
    assert found.kind == kind
    study = dict(found.converted.study)
    again = yaml_value(yaml_text(study))
    assert repr(again) == repr(study)
    assert repr(space_of(again)) == repr(space_of(study))


def test_every_tool_has_a_sample() -> None:
    assert {kind for kind, _, _ in SAMPLES} == set(SPACES.names())
