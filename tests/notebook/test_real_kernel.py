"""Studies in the cells of a real notebook's kernel."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from kernels import Kernel

pytest.importorskip("ipykernel")
pytest.importorskip("jupyter_client")

pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

FUNCTIONS = """
import time, automl
shift = 2
def squared(x):
    return (x - shift) ** 2
"""

OBJECTIVE = """
def objective(trial):
    x = trial.suggest_float("x", -10, 10)
    print("called")
    return squared(x)
"""

WAITS = """
import os, pathlib
gate = pathlib.Path("gate").absolute()
def waits(trial):
    (pathlib.Path(trial.dir) / "began").write_text(str(os.getpid()))
    while not gate.exists():
        time.sleep(0.02)
    return trial.suggest_float("x", 0, 1)
"""


def trials_of(place: Path) -> list[int]:
    """Return the processes that have begun to call a function and have not ended."""
    known = [one.read_text() for one in place.glob("automl_studies/*/trials/*/began")]
    return [int(pid) for pid in known if pid and psutil.pid_exists(int(pid))]


def kill_all(folder: Path) -> None:
    """End what a test that failed has left of its studies."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("AUTOML_STUDY_FOLDER", "").startswith(str(folder)):
                process.kill()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def kernel(folder: Path) -> Iterator[Kernel]:
    """One kernel for all tests, as its start takes seconds."""
    made = Kernel(folder, JPY_SESSION_NAME=str(folder / "train.ipynb"))
    made.run(FUNCTIONS)
    yield made
    made.end()
    kill_all(folder)


def test_functions_of_cells_are_tuned_with_one_output_that_is_replaced(kernel: Kernel) -> None:
    kernel.run(OBJECTIVE)
    ran = kernel.run(
        "import asyncio\n"
        "assert asyncio.get_running_loop().is_running()\n"
        "study = automl.create_study()\n"
        "study.optimize(objective, n_trials=4, n_jobs=2)"
    )
    assert ran.error == ""
    assert len({name for _, name, _ in ran.shown}) == 1
    assert ran.shown[0][0] == "display_data"
    last = ran.shown[-1][2]
    assert "4/4" in last["text/plain"]
    assert '<progress max="4" value="4">' in last["text/html"]
    log = ran.stream("stderr")
    assert log.count("study 'train' in ") == 1
    assert "Warning" not in log
    assert "completed" not in log
    told = ran.stream("stdout")
    assert told.count("results:") == 1
    assert told.rstrip().endswith("the study is complete: all 4 trials have ended")
    kernel.run("shift = 3")
    changed = kernel.run("study.optimize(objective, n_trials=1)").stream("stderr")
    assert "automl_studies/train/functions/objective.py changed since 4 trials ran" in changed
    kernel.run("shift = 2")
    first = "study.trials[0].value == squared(study.trials[0].params['x'])"
    assert kernel.run(first).result == "True"
    assert kernel.run("type(study.trials_dataframe()).__name__, len(study.trials)").result == (
        "('DataFrame', 5)"
    )


@pytest.mark.parametrize("way", ["signal", "message"])
def test_an_interrupt_stops_the_trials_and_the_cell_goes_on(
    kernel: Kernel, folder: Path, way: str
) -> None:
    place = folder / f"interrupted-{way}"
    kernel.run(
        f"import os; os.makedirs('{place}', exist_ok=True); os.chdir('{place}')\n{WAITS}"
        "import signal, threading\n"
        "before = [signal.getsignal(one) for one in (2, 15, 1, 20)]\n"
        "ticks = []\n"
        "def tick():\n"
        "    while not gate.exists():\n"
        "        ticks.append(1)\n"
        "        time.sleep(0.01)\n"
        "threading.Thread(target=tick).start()"
    )
    code = (
        "study = automl.create_study(study_name='it')\nstudy.optimize(waits, n_trials=3, n_jobs=2)"
    )

    def running(kind: str, content: dict[str, Any]) -> bool:
        del content
        if kind != "update_display_data" or len(trials_of(place)) < 2:
            return False
        (kernel.ask_to_interrupt if way == "message" else kernel.interrupt)()
        return True

    ran = kernel.run(code, during=running)
    assert ran.error == "KeyboardInterrupt: the study was interrupted; the same cell goes on"
    assert "stopped by an interrupt. 0 of 3 trials have ended" in ran.stream("stdout")
    assert trials_of(place) == []
    after = "[signal.getsignal(one) for one in (2, 15, 1, 20)] == before"
    assert kernel.run(after).result == "True"
    (place / "gate").touch()
    again = kernel.run(code)
    assert again.error == ""
    assert "the study is complete: all 3 trials have ended" in again.stream("stdout")
    assert kernel.run("len(ticks) > 0").result == "True"


def test_a_tuner_of_commands_returns_its_table_to_the_cell(kernel: Kernel, folder: Path) -> None:
    ran = kernel.run(
        f"import os; os.chdir('{folder}')\n"
        "from automl.hpo import AutoTuner, hyperparam, reader, task\n"
        "one = hyperparam.create(type='Categorical', name='x', candidates=[1, 2, 3])\n"
        "metric = reader.create(type='local_reader', location='{{ trial.dir }}/stdout.log',\n"
        "    parser_pattern=r'(\\S+)')\n"
        "job = task.create(type='BashTask', cmd='echo {{ trial.param.x }}', metric_reader=metric)\n"
        "tuner = AutoTuner([one], [job], max_parallel=2, max_trial_num=3, name='commands')\n"
        "tuner.fit()"
    )
    assert ran.error == ""
    assert "3/3" in ran.shown[-1][2]["text/plain"]
    (result,) = [one for kind, one in ran.outputs if kind == "execute_result"]
    assert {"text/plain", "text/html"} <= {*result["data"]}


def test_cells_make_their_calls_again_and_a_kernel_that_was_killed_goes_on(folder: Path) -> None:
    place = folder / "killed"
    place.mkdir()
    create = "study = automl.create_study()"
    first = "study.optimize(squared_x, n_trials=2)"
    functions = f"""{FUNCTIONS}{WAITS}
def squared_x(trial):
    (pathlib.Path(trial.dir) / "began").write_text(str(os.getpid()))
    while waiting and not gate.exists():
        time.sleep(0.02)
    return squared(trial.suggest_float("x", -10, 10))
"""
    second = "waiting = True\nstudy.optimize(squared_x, n_trials=2, n_jobs=2)"
    name = {"JPY_SESSION_NAME": str(place / "train.ipynb")}
    kernel = Kernel(place, **name)

    def started(*_: object) -> bool:
        if len(trials_of(place)) == 2:
            kernel.kill()
            return True
        return False

    try:
        for code, cell in [(functions, "f"), ("waiting = False", "w"), (create, "c"), (first, "1")]:
            assert kernel.run(code, cell).error == ""
        again = kernel.run(f"{create}\n{first}", "1")
        assert "nothing was started" in again.stream("stdout")
        with pytest.raises(RuntimeError, match="died"):
            kernel.run(second, "2", during=started)
    finally:
        kernel.end()
    assert len(trials_of(place)) == 2
    (place / "gate").touch()
    kernel = Kernel(place, **name)
    try:
        for code, cell in [(functions, "f"), (create, "c")]:
            assert kernel.run(code, cell).error == ""
        told = kernel.run(second, "2").stream("stdout")
        assert "the study is complete: all 4 trials have ended" in told
        states = "[(one.number, one.state.name) for one in study.trials]"
        done = [(number, "COMPLETE") for number in range(4)]
        assert kernel.run(states).result == str(done)
        assert "nothing was started" in kernel.run(first, "1").stream("stdout")
        more = kernel.run(first.replace("2)", "3)"), "1").stream("stdout")
        assert "all 5 trials have ended" in more
    finally:
        kernel.end()
    journal = (place / "automl_studies/train/journal.jsonl").read_text()
    assert journal.count('"event":"TrialStarted"') == 5
