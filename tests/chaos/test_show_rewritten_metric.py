"""The show of a rewritten metric file, as one runs it by hand."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.integration
def test_the_table_has_the_number_that_was_written_last() -> None:
    command = [sys.executable, "-m", "tests.chaos.show_rewritten_metric"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
