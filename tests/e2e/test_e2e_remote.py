"""Whole studies whose metrics are objects of a store: what is killed, dropped, old or corrected."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("moto")
pytest.importorskip("s3fs")

import psutil
from store_server import KEY, SECRET, Server, environment, proxy_before, store_server, until

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
HOW_TO = ROOT / "docs" / "how-to.md"

PROGRAM = """
import json, os, pathlib, sys, time
import fsspec
url, x = sys.argv[1], int(sys.argv[2])
pathlib.Path(f"began-{x}").touch()
while not os.path.exists("go"):
    time.sleep(0.05)
if x < 10:
    with fsspec.open(url, "w") as file:
        json.dump({"acc": x, "loss": -x}, file)
"""

SCRIPT = """
import sys
from automl.hpo import *
values, key, patience, fresh = eval(sys.argv[1]), sys.argv[2], sys.argv[3], "fresh" in sys.argv
url = "s3://bucket/e2e-{name}/{{{{ trial.id }}}}/m.json"
x = hyperparam.create(type="Categorical", name="x", candidates=values)
read = reader.create(type="json_reader", location=url, key=key, metric="m", patience=patience)
cmd = [sys.executable, "program.py", url, "{{{{ trial.param.x }}}}"]
run = task.create(type="BashTask", metric_reader=read, cmd=cmd)
tuner = AutoTuner(
    [x], [run], max_parallel=2, max_trial_num=len(values), algorithm="grid", name="s", fresh=fresh
)
tuner.fit()
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with store_server() as found:
        yield found


class Study:
    """A script in a folder of its own, run as a user does."""

    def __init__(self, folder: Path, server: Server, name: str) -> None:
        self.folder, self.server, self.name = folder, server, name
        (folder / "program.py").write_text(PROGRAM)
        (folder / "tune.py").write_text(SCRIPT.format(name=name))
        self.port = server.port

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        environ = environment({**self.server.environ(self.port), "PYTHONPATH": str(ROOT)})
        return subprocess.Popen(
            [sys.executable, "tune.py", *arguments],
            cwd=self.folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        with self.start(*arguments) as process:
            out, _ = process.communicate(timeout=140)
        return out

    def go(self) -> None:
        (self.folder / "go").touch()

    def put(self, trial: int, value: float) -> None:
        content = json.dumps({"acc": value, "loss": -value})
        self.server.put(f"e2e-{self.name}/{trial}/m.json", content)

    @property
    def path(self) -> Path:
        return self.folder / "automl_studies" / "s"


def began(study: Study, *values: int) -> bool:
    return all((study.folder / f"began-{one}").exists() for one in values)


def rows(out: str) -> dict[str, str]:
    """Return the line of the log on each trial that ended."""
    return dict(re.findall(r"trial (\d+) (completed: \S+|failed[^\n]*)", out))


def test_a_killed_controller_loses_nothing_and_takes_nothing_old(
    server: Server, tmp_path: Path
) -> None:
    study = Study(tmp_path, server, "killed")
    study.put(0, 99)
    study.put(1, 99)
    first = study.start("[1, 10]", "acc", "1s")
    until(lambda: began(study, 1, 10))
    os.kill(first.pid, signal.SIGKILL)
    first.communicate(timeout=60)
    study.go()
    out = study.run("[1, 10]", "acc", "1s")
    assert rows(out)["0"] == "completed: 1.0"
    assert "has not been written since the trial began" in out
    cells = (study.path / "results.csv").read_text().replace("\n", ",").split(",")
    assert not {"99", "99.0"} & set(cells)


def test_a_later_study_takes_nothing_of_the_one_before(server: Server, tmp_path: Path) -> None:
    study = Study(tmp_path, server, "fresh")
    study.go()
    assert rows(study.run("[3]", "acc", "1s"))["0"] == "completed: 3.0"
    out = study.run("[10]", "acc", "1s", "fresh")
    assert "has not been written since the trial began" in out


def test_a_corrected_reader_reads_the_copies_though_the_store_is_gone(
    server: Server, tmp_path: Path
) -> None:
    study = Study(tmp_path, server, "corrected")
    study.go()
    study.run("[1, 2]", "acc", "1s")
    study.port = 9
    out = study.run("[1, 2]", "loss", "1s")
    table = (study.path / "results.csv").read_text()
    assert "-1.0" in table, out
    assert "-2.0" in table
    journal = (study.path / "journal.jsonl").read_text()
    assert journal.count('"TrialStarted"') == 2


def test_no_file_holds_a_credential(server: Server, tmp_path: Path) -> None:
    study = Study(tmp_path, server, "secret")
    study.go()
    out = study.run("[1, 10]", "acc", "1s")
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    texts = [out, *(one.read_text(errors="replace") for one in files)]
    assert not [text for text in texts if SECRET in text or KEY in text]


def test_a_store_that_stalls_holds_up_no_interrupt(server: Server, tmp_path: Path) -> None:
    study = Study(tmp_path, server, "stalled")
    with proxy_before(server, "stall") as proxy:
        study.port = proxy.port
        controller = study.start("[1, 2]", "acc", "1h")
        until(lambda: proxy.connections)
        children = psutil.Process(controller.pid).children(recursive=True)
        controller.send_signal(signal.SIGINT)
        out, _ = controller.communicate(timeout=60)
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
    assert not began(study, 1)
    assert "Traceback" not in out


def test_a_store_that_is_gone_at_the_end_is_waited_for_and_then_read(
    server: Server, tmp_path: Path
) -> None:
    study = Study(tmp_path, server, "returns")
    with proxy_before(server) as proxy:
        study.port = proxy.port
        # The trial itself writes past the proxy.
        program = (study.folder / "program.py").read_text()
        past = f'\nimport os; os.environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:{server.port}"\n'
        (study.folder / "program.py").write_text(past + program)
        controller = study.start("[1]", "acc", "1h")
        until(lambda: began(study, 1))
        proxy.mode = "drop"
        proxy.break_all()
        before = proxy.connections
        study.go()
        until((study.path / "trials" / "0" / "exit").exists)
        until(lambda: proxy.connections > before + 1)
        proxy.mode = "pass"
        out, _ = controller.communicate(timeout=140)
    assert rows(out)["0"] == "completed: 1.0"


def test_the_example_of_the_how_to_runs(server: Server, tmp_path: Path) -> None:
    text = HOW_TO.read_text("utf-8")
    blocks = re.findall(r"```(py|python)\n(.*?)```", text, re.DOTALL)
    (program,) = [code for kind, code in blocks if kind == "py" and "# upload.py" in code]
    (script,) = [code for kind, code in blocks if kind == "python" and "upload.py" in code]
    (tmp_path / "upload.py").write_text(program)
    before = (
        "from automl.hpo import *\n"
        "lr = hyperparam.create(type='Real', name='lr', min_value=1e-4, max_value=0.1, log=True)\n"
    )
    (tmp_path / "tune.py").write_text(before + script)
    done = subprocess.run(
        [sys.executable, "tune.py"],
        cwd=tmp_path,
        env=environment({**server.environ(), "PYTHONPATH": str(ROOT)}),
        capture_output=True,
        text=True,
        timeout=140,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(rows(done.stderr)) == 4
    copies = tmp_path.glob("automl_studies/uploaded/trials/*/metric/s3/bucket/uploaded/*/*.json")
    assert len(list(copies)) == 4
