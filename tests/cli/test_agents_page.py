"""The page for programs: its commands run as they stand, its verbs and fields are there."""

import re
import subprocess
import sys
from pathlib import Path

from automl.cli.verb_table import VERBS

PAGE = Path(__file__).parents[2] / "docs" / "agents.md"


def test_the_commands_of_the_page_run_one_after_the_other(tmp_path: Path) -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    door = f'automl() {{ "{sys.executable}" -m automl "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-e", "-c", door + block],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"next": "automl best agent"' in done.stdout
    assert done.stdout.endswith("score=9\n")
    assert '"note": "the middle"' in done.stdout
    assert "Traceback" not in done.stderr


def test_the_verbs_of_the_page_are_there() -> None:
    named = re.findall(r"automl ([a-z]+)", PAGE.read_text(encoding="utf-8"))
    assert set(named) <= set(VERBS)
    assert set(named) >= {"run", "show", "results", "best", "logs", "watch", "add", "stop", "rm"}
