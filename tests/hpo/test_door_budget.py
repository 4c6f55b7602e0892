import pytest

from automl.errors import SpecError
from automl.hpo import budget
from automl.study.budget import Budget


def test_a_budget_is_created_by_the_words_of_a_script() -> None:
    assert budget.create(name="epochs", min=1, max=81) == Budget(name="epochs", min=1, max=81)
    made = budget.create("share", 0.1, 1.0, factor=2, brackets=2)
    assert made == Budget(name="share", min=0.1, max=1.0, factor=2, brackets=2)


def test_a_budget_that_cannot_be_is_refused_at_once() -> None:
    with pytest.raises(SpecError, match="min 9 must be below max 3"):
        budget.create(name="epochs", min=9, max=3)
