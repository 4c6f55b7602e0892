"""The tasks by their names."""

from benchmarks.search.front import Front
from benchmarks.search.fronts import FRONTS
from benchmarks.search.functions import FUNCTIONS
from benchmarks.search.tables import load
from benchmarks.search.task import Task

TABLES = ("digits", "svm", "mlp", "noisy")

TASKS = (*TABLES, *FUNCTIONS)
"""Those of one objective."""

FRONT_TASKS = tuple(FRONTS)
"""Those of two."""


def task_of(name: str) -> Task | Front:
    """Return a task by its name."""
    if name in FRONTS:
        return FRONTS[name]
    return load(name) if name in TABLES else FUNCTIONS[name]
