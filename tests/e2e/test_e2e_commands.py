"""What a command gets: its words, its variables, its folder; and what it leaves there."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.hpo import AutoTuner
from automl.study.trial import TrialState

Tune = Callable[..., AutoTuner]

ODD_VALUES = [
    "two words",
    " edges ",
    "it's",
    'a "quoted" one',
    "two\nlines\n",
    "tab\there",
    "$HOME",
    "`id` $(id)",
    "a;b|c>d&e",
    "back\\slash",
    "*",
    "~",
    "-n",
    "",
    "#no comment",
    "{{ trial.id }}",
    "naïve 日本",
]
WRITE_WORDS = (
    "import json, sys; "
    "json.dump(sys.argv[2:], open(sys.argv[1] + str(chr(47)) + chr(119), chr(119))); print(1)"
)
"""Writes its words to the file `w`; without quotes, to stand between any in a shell line."""


def trial_folder(place: Path, trial_id: int = 0) -> Path:
    return place / "automl_studies" / "study" / "trials" / str(trial_id)


@pytest.mark.slow
@pytest.mark.parametrize(
    "cmd",
    [
        [
            sys.executable,
            "-SEc",
            WRITE_WORDS,
            "{{ trial.dir }}",
            "{{ trial.param.x }}",
            "--x={{trial.param.x}}",
            "<<trial.param.x>>",
        ],
        (
            f"'{sys.executable}' -SEc '{WRITE_WORDS}' {{{{ trial.dir }}}} {{{{ trial.param.x }}}} "
            "'--x={{ trial.param.x }}' \"<<trial.param.x>>\""
        ),
    ],
    ids=["list", "shell line"],
)
def test_any_value_stays_one_word(cmd: Any, tune: Tune, place: Path) -> None:
    tuner = tune(cmd, ODD_VALUES, max_parallel=2)
    tuner.fit()
    got = [json.loads((trial_folder(place, trial.id) / "w").read_text()) for trial in tuner.trials]
    assert got == [[value, f"--x={value}", value] for value in ODD_VALUES]
    kept = [json.loads((trial_folder(place, n) / "params.json").read_text()) for n in range(17)]
    assert [params["x"] for params in kept] == ODD_VALUES


def test_a_shell_line_is_one(tune: Tune, place: Path) -> None:
    cmd = (
        "for part in 1 2; do echo part $part; done | sed 's/part/{{ trial.param.x }}/' "
        "> out.<<trial.id>>"
    )
    tuner = tune(cmd, [7], pattern=r"7 (\d)", location="out.{{ trial.id }}")
    tuner.fit()
    assert tuner.best_value == 2
    assert (place / "out.0").read_text() == "7 1\n7 2\n"


def test_values_keep_their_types(tune: Tune, place: Path) -> None:
    values = {"one": 1, "real": 1.0, "yes": True, "none": None, "text": "1", "many": [1, "a", {}]}
    tuner = tune("echo 1", [0], fixed=values)
    table = tuner.fit()
    kept = json.loads((trial_folder(place) / "params.json").read_text())
    assert kept == tuner.best_params == {"x": 0, **values}
    for params in (kept, tuner.best_params):
        assert [type(value) for value in params.values()] == [
            int,
            *(type(value) for value in values.values()),
        ]
    assert table["params", "one"].dtype == "int64"
    assert table["params", "real"].dtype == "float64"
    assert table["params", "yes"].dtype == "bool"


SHOW_VARIABLES = (
    "echo 1; echo $OMP_NUM_THREADS $MKL_NUM_THREADS $OPENBLAS_NUM_THREADS $NUMEXPR_NUM_THREADS "
    "$VECLIB_MAXIMUM_THREADS $PYTHONUNBUFFERED > variables"
)
THREADS = ("OMP", "MKL", "OPENBLAS", "NUMEXPR")


@pytest.fixture
def no_threads_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*(f"{name}_NUM_THREADS" for name in THREADS), "VECLIB_MAXIMUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)


@pytest.mark.usefixtures("no_threads_set")
@pytest.mark.parametrize("max_parallel", [1, 1000])
def test_the_cores_are_shared_out_as_threads(max_parallel: int, tune: Tune, place: Path) -> None:
    tune(SHOW_VARIABLES, [1], max_parallel=max_parallel).fit()
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    share = str(here) if max_parallel == 1 else "1"
    assert (place / "variables").read_text().split() == [share] * 5 + ["1"]


@pytest.mark.usefixtures("no_threads_set")
def test_what_the_user_set_is_left_alone(
    tune: Tune, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "71")
    monkeypatch.setenv("PYTHONUNBUFFERED", "0")
    tune(SHOW_VARIABLES, [1], env={"MKL_NUM_THREADS": 72}, max_parallel=1000).fit()
    assert (place / "variables").read_text().split() == ["71", "72", "1", "1", "1", "0"]


def test_variables_of_the_study_reach_the_command(tune: Tune, place: Path) -> None:
    env = {"PLAIN": "it's", "OF_TRIAL": "{{ trial.id }}/<<trial.param.x>>"}
    tune('echo 1; printf "%s|" "$PLAIN" "$OF_TRIAL" > variables', [5], env=env).fit()
    assert (place / "variables").read_text() == "it's|0/5|"


def test_commands_run_in_the_given_directory(tune: Tune, place: Path) -> None:
    (place / "in here").mkdir()
    tuner = tune(
        "echo 0.5 > metric.{{ trial.id }}", [1], cwd="in here", location="metric.<<trial.id>>"
    )
    tuner.fit()
    assert tuner.best_value == 0.5
    assert (place / "in here" / "metric.0").exists()


def test_a_command_has_no_input_to_wait_for(tune: Tune) -> None:
    tuner = tune("cat; echo 1", [1])
    tuner.fit()
    assert tuner.best_value == 1


def test_the_script_run_by_hand_gives_the_same_number(
    tune: Tune, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "bin").mkdir()
    (place / "bin" / "train").write_text(
        "#!/bin/sh\nmkdir -p out/$2\n"
        'echo "score $BASE$1.$OMP_NUM_THREADS" | tee out/$2/metric.log\n'
    )
    (place / "bin" / "train").chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}/bin:{os.environ['PATH']}")
    tuner = tune(
        ["train", "{{ trial.param.x }}", "<<trial.id>>"],
        [4, 5],
        pattern=r"score (\S+)",
        location="./out/{{ trial.id }}/metric.log",
        env={"BASE": "{{ trial.param.x }}"},
        before=["echo before {{ trial.id }} >> seen"],
    )
    tuner.fit()
    metric = place / "out" / "1" / "metric.log"
    first = metric.read_text()
    metric.unlink()
    by_hand = subprocess.run(
        ["env", "-i", "/bin/sh", str(trial_folder(place, 1) / "trial.sh")],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    assert metric.read_text() == by_hand.stdout == first
    assert f"score {tuner.trials[1].value}" == first.strip()
    assert (place / "seen").read_text() == "before 0\nbefore 1\nbefore 1\n"


def test_the_script_run_by_hand_fails_as_it_failed(tune: Tune, place: Path) -> None:
    tune("echo late", [1], before=["echo no >&2; exit 7"]).fit()
    folder = trial_folder(place)
    by_hand = subprocess.run(
        ["/bin/sh", str(folder / "trial.sh")], capture_output=True, text=True, check=False
    )
    assert (by_hand.returncode, by_hand.stdout, by_hand.stderr) == (7, "", "no\n")
    assert (folder / "exit").read_text() == "7\n"


def test_a_trials_folder_has_all_that_is_known_of_it(tune: Tune, place: Path) -> None:
    tune("echo out; echo err >&2; echo 0.5", [1], pattern=r"([\d.]+)").fit()
    left = {path.name: path for path in trial_folder(place).iterdir()}
    logs = ["stderr.log", "stdout.log"]
    assert sorted(left) == ["exit", "launch.json", "params.json", *logs, "trial.sh"]
    texts = {name: left[name].read_text() for name in ("exit", "stderr.log", "stdout.log")}
    assert texts == {"exit": "0\n", "stderr.log": "err\n", "stdout.log": "out\n0.5\n"}


@pytest.mark.parametrize(
    ("cmd", "state", "value"),
    [
        ("true", TrialState.FAILED, None),
        ("echo 0.5 >> log/{{ trial.id }}/metric.log", TrialState.COMPLETED, 0.5),
    ],
    ids=["nothing new", "appended"],
)
def test_an_old_number_is_never_read_as_a_new_one(
    cmd: str, state: TrialState, value: float | None, tune: Tune, place: Path
) -> None:
    stale = place / "log" / "0" / "metric.log"
    stale.parent.mkdir(parents=True)
    stale.write_text("0.99\n")
    tuner = tune(cmd, [1], location="log/{{ trial.id }}/metric.log")
    tuner.fit()
    [trial] = tuner.trials
    assert (trial.state, trial.value) == (state, value)
    kept = list(trial_folder(place).glob("attempts/*/metric.log"))
    assert [path.read_text() for path in kept] == ["0.99\n"]
