"""What a script's user sees of an error of automl."""

import subprocess
import sys
from pathlib import Path

import pytest

from automl.errors import SpecError
from automl.hpo import hyperparam

WRONG = """
from automl.hpo import *

def space():
    return hyperparam.create(type="Real", name="x", min_value=3, max_value=1)

SETUP
space()
"""

STUDY = """
from automl.hpo import *
x = hyperparam.create(type="Real", name="x", min_value=0, max_value=1)
score = reader.create(type="local_reader", location="x", parser_pattern="(.*)")
work = task.create(type="BashTask", cmd=["echo", "{{ trial.param.y }}"], metric_reader=score)
AutoTuner([x], [work], 2, 3).fit()
"""


def shown(place: Path, text: str, *options: str) -> list[str]:
    (place / "tune.py").write_text(text)
    done = subprocess.run(
        [sys.executable, *options, "tune.py"],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    return [line for line in done.stderr.splitlines() if set(line.strip()) != {"^"}]


def test_the_message_and_the_lines_of_the_script_are_shown(tmp_path: Path) -> None:
    *lines, message = shown(tmp_path, WRONG.replace("SETUP", ""))
    assert lines == [
        "Traceback (most recent call last):",
        f'  File "{tmp_path}/tune.py", line 8, in <module>',
        "    space()",
        f'  File "{tmp_path}/tune.py", line 5, in space',
        '    return hyperparam.create(type="Real", name="x", min_value=3, max_value=1)',
    ]
    assert message.startswith("automl.errors.SpecError: parameter 'x': min_value 3.0 is above")


def test_an_error_deep_within_a_study_is_as_short(tmp_path: Path) -> None:
    lines = shown(tmp_path, STUDY)
    assert lines[1:3] == [
        f'  File "{tmp_path}/tune.py", line 6, in <module>',
        "    AutoTuner([x], [work], 2, 3).fit()",
    ]
    assert lines[3].startswith("automl.errors.")
    assert "trial.param.y" in lines[3]


@pytest.mark.parametrize(
    "setup",
    [
        "import sys; own = sys.excepthook; sys.excepthook = lambda *args: own(*args)",
        "import sys; sys.excepthook = lambda *args: sys.__excepthook__(*args)",
    ],
)
def test_a_hook_of_the_program_stays(tmp_path: Path, setup: str) -> None:
    lines = shown(tmp_path, f"{setup}\n{WRONG.replace('SETUP', '')}")
    assert any("numeric.py" in line for line in lines)
    assert lines[-1].startswith("automl.errors.SpecError: parameter 'x'")


def test_who_develops_sees_all(tmp_path: Path) -> None:
    lines = shown(tmp_path, WRONG.replace("SETUP", ""), "-X", "dev")
    assert any("numeric.py" in line for line in lines)


def test_other_errors_are_shown_as_ever(tmp_path: Path) -> None:
    setup = "hyperparam.create(type='Real', name='x', min_value=0, max_value=1); 1 / 0"
    lines = shown(tmp_path, WRONG.replace("SETUP", setup))
    assert lines[-1] == "ZeroDivisionError: division by zero"
    assert "    space()" not in lines


def test_standard_error_may_be_anything(tmp_path: Path) -> None:
    (tmp_path / "tune.py").write_text(WRONG.replace("SETUP", "import sys; sys.stderr = None"))
    done = subprocess.run([sys.executable, "tune.py"], cwd=tmp_path, check=False)
    assert done.returncode == 1


def test_a_test_runner_gets_the_error_itself() -> None:
    with pytest.raises(SpecError) as told:
        hyperparam.create(type="Real", name="x", min_value=3, max_value=1)
    assert told.value.__traceback__ is not None
    assert len(told.traceback) > 2
