from typing import Any

import pytest

from automl.errors import SpecError
from automl.hpo import objective
from automl.study.objective import Direction, Final, Objective


def test_an_objective_by_its_words() -> None:
    assert objective.create() == Objective()
    assert objective.create("ms", direction="minimize", final="best", weight=2) == Objective(
        metric="ms", direction=Direction.MINIMIZE, final=Final.BEST, weight=2
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"direction": "min"}, "direction='min' is unknown.*allowed: maximize, minimize"),
        ({"final": "first"}, "final='first' is unknown"),
        ({"metric": ""}, "metric must be the name of a metric"),
        ({"weight": 0}, "weight must be a finite number above 0"),
    ],
)
def test_a_wrong_word_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        objective.create(**options)
