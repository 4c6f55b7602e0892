"""What `from automl.hpo import *` brings into a script."""

import subprocess
import sys
from pathlib import Path

import automl.hpo

REPO = Path(automl.hpo.__file__).parents[2]


def test_the_public_names_are_these_in_order() -> None:
    assert automl.hpo.__all__ == [
        "AutoTuner",
        "algorithm",
        "budget",
        "earlystop",
        "hyperparam",
        "objective",
        "open_study",
        "pruner",
        "reader",
        "task",
    ]
    assert automl.hpo.__all__ == sorted(automl.hpo.__all__)


def test_a_star_import_gives_exactly_the_public_names() -> None:
    before: dict[str, object] = {}
    exec("from automl.hpo import *", before)  # noqa: S102 - what a user's script does
    assert sorted(before.keys() - {"__builtins__"}) == sorted(automl.hpo.__all__)


def test_importing_the_door_starts_and_loads_nothing_heavy() -> None:
    code = (
        "import logging, os, sys, threading; before = dict(os.environ); import automl.hpo; "
        "heavy = {'jinja2', 'msgspec', 'optuna', 'pandas', 'psutil', 'rich', 'yaml'}; "
        "assert not logging.getLogger('automl').handlers and not logging.getLogger().handlers; "
        "assert dict(os.environ) == before and threading.active_count() == 1; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=REPO
    )
    # The journal's events are msgspec's, which takes some milliseconds.
    assert (done.stderr, done.stdout) == ("", "['msgspec']\n")
