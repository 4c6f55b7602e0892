"""Searches with real processes: stopped early, in stages, in populations, repeated, never twice."""

import json
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from automl.hpo import AutoTuner, budget, hyperparam, objective, pruner, reader, task
from tests.chaos.search_checks import check_stages

pytestmark = pytest.mark.slow

Start = Callable[[str], "subprocess.Popen[str]"]
Run = Callable[[str], tuple[int, str, str]]
Until = Callable[[Callable[[], object], str], None]
Tune = Callable[..., AutoTuner]
Survivors = Callable[[], list[str]]

STAGE = Path(__file__).parents[1] / "chaos" / "stage.sh"

# Both print ten epochs. A bad one waits after its fourth, so that only a stop can end it.
C_PROGRAM = r"""
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char name[64];
static int epoch;

static void save(int signal_number) {
    FILE *file = fopen(name, "w");
    (void)signal_number;
    fprintf(file, "%d\n", epoch);
    fclose(file);
    _exit(0);
}

int main(int argc, char **argv) {
    int x = atoi(argv[argc - 2]);
    snprintf(name, sizeof name, "saved.%s", argv[argc - 1]);
    signal(SIGTERM, save);
    for (epoch = 1; epoch <= 10; epoch++) {
        printf("epoch %d accuracy %d\n", epoch, x * epoch);
        fflush(stdout);
        while (x < 5 && epoch == 4) pause();
    }
    return 0;
}
"""

SHELL_PROGRAM = r"""
x=$1 id=$2 epoch=0
trap 'echo "$epoch" > "saved.$id"; exit 0' TERM
while [ "$epoch" -lt 10 ]; do
    epoch=$((epoch + 1))
    echo "epoch $epoch accuracy $((x * epoch))"
    while [ "$x" -lt 5 ] && [ "$epoch" = 4 ]; do sleep 0.02; done
done
"""


@pytest.fixture
def program(request: pytest.FixtureRequest, place: Path) -> list[str]:
    """The words that start the program in the language of the test."""
    if request.param == "shell":
        (place / "program.sh").write_text(SHELL_PROGRAM)
        return ["sh", "program.sh"]
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    (place / "program.c").write_text(C_PROGRAM)
    subprocess.run([compiler, "-o", "program", "program.c"], cwd=place, check=True)
    return ["./program"]


@pytest.mark.parametrize("program", ["c", "shell"], indirect=True)
def test_a_program_is_stopped_early_by_what_it_prints(
    program: list[str], tune: Tune, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tuner = tune(
        [*program, "{{ trial.param.x }}", "{{ trial.id }}"],
        [9, 8, 7, 1],
        pattern=r"epoch (?P<step>\d+) accuracy (\d+)",
        pruner=pruner.create("median", startup_trials=3, max_step=10),
    )
    table = tuner.fit()
    assert (place / "saved.3").read_text() == "4\n"
    assert not (place / "saved.0").exists()
    assert table["params", "x"].tolist() == [9, 8, 7, 1]
    assert table["results", "metric"].tolist() == [90, 80, 70, 4]
    assert [str(trial.state) for trial in tuner.trials] == ["completed"] * 3 + ["pruned"]
    assert 1 <= (tuner.trials[3].stopped_step or 0) <= 4
    why = table["metadata", "reason"].tolist()[3]
    assert re.match(r"stopped early \(median\): \d+ at step \d is below \d+", why)
    assert "early stopping: 1 of 4 trials stopped" in capsys.readouterr().out


SEARCH = """
from automl.hpo import *

score = reader.create(type='local_reader', location='{{ trial.dir }}/stdout.log',
                      parser_pattern=r'value=(\\S+)')

def study(space, cmd, slots, limit, **more):
    work = task.create(type='BashTask', cmd=cmd, metric_reader=score)
    return AutoTuner(space, [work], slots, limit, seed=1, **more)
"""

IN_STAGES = (
    SEARCH
    + """
import json

def in_stages(name, top, algorithm):
    x = hyperparam.create(type='Integer', name='x', min_value=1, max_value=1000)
    cmd = ['sh', 'stage.sh', '-', name + '.ledger', '{{ trial.id }}', '{{ trial.param.x }}',
           '{{ trial.budget }}', '{{ trial.previous_budget }}', '{{ trial.checkpoint_id }}',
           '{{ trial.checkpoint_dir }}']
    epochs = budget.create(name='epochs', min=1, max=top)
    return study([x], cmd, 3, 12, name=name, budget=epochs, algorithm=algorithm)

tuners = {
    'ladder': in_stages('ladder', 9, 'random'),
    'members': in_stages('members', 3, algorithm.create('pbt', population=4)),
}
for tuner in tuners.values():
    tuner.fit(synchronize=False)
for name, tuner in tuners.items():
    tuner.wait()
    rows = [dict(id=one.id, x=one.params['x'], state=one.state, value=one.value,
                 budget=one.stage.budget, source=one.source) for one in tuner.trials]
    with open(name + '.json', 'w') as file:
        json.dump(rows, file)
"""
)


@pytest.mark.integration
def test_stages_of_a_killed_study_go_on_from_their_checkpoints_and_run_once(
    place: Path, start: Start, run_script: Run, until: Until
) -> None:
    (place / "stages.py").write_text(IN_STAGES)
    shutil.copy(STAGE, place / "stage.sh")

    def continues(name: str) -> bool:
        """Tell whether a launch has begun that found another one's checkpoint."""
        ledger = place / f"{name}.ledger"
        lines = ledger.read_text().splitlines() if ledger.exists() else []
        return any(line.startswith("START") and "@1" in line for line in lines)

    process = start("stages.py")
    until(lambda: continues("ladder") and continues("members"), "later stages")
    process.kill()
    process.communicate()
    code, _, err = run_script("stages.py")
    assert code == 0, err
    for name, top in (("ladder", 9), ("members", 3)):
        rows = json.loads((place / f"{name}.json").read_text())
        assert sorted(row["id"] for row in rows) == list(range(12))
        assert check_stages((place / f"{name}.ledger").read_text(), rows, top, []).problems == []
        assert ({row["source"] for row in rows} == {-1}) == (name == "ladder")


def test_a_ladder_of_which_no_stage_ended_says_how_to_go_on(
    tune: Tune, capsys: pytest.CaptureFixture[str]
) -> None:
    epochs = budget.create(name="epochs", min=1, max=9)
    tuner = tune("exit 3 # {{ trial.budget }} {{ trial.id }}", [1, 2], budget=epochs)
    assert tuner.fit()["metadata", "id"].tolist() == [0, 1]
    assert "the study is complete" in capsys.readouterr().out


FORTY = (
    SEARCH
    + """
a = hyperparam.create(type='Categorical', name='a', candidates=list(range(8)))
b = hyperparam.create(type='Categorical', name='b', candidates=list('vwxyz'))
cmd = ('echo {{ study.name }} {{ trial.param.a }} {{ trial.param.b }} >> started; sleep 0.05; '
       'case {{ trial.param.a }}{{ trial.param.b }} in 3w|7y) exit 5;; esac; '
       'echo value={{ trial.param.a }}')
tuners = [study([a, b], cmd, 8, 100, name='used_up')]
for name in ['auto', 'tpe', 'evolution', 'sobol']:
    tuners.append(study([a, b], cmd, 4, 30, name=name, algorithm=name))
for tuner in tuners:
    tuner.fit(synchronize=False)
for tuner in tuners:
    tuner.wait()
"""
)


@pytest.mark.integration
def test_no_combination_runs_twice_whatever_is_killed(
    place: Path, start: Start, run_script: Run, until: Until
) -> None:
    (place / "forty.py").write_text(FORTY)
    started = place / "started"
    for trials in (30, 90):
        process = start("forty.py")
        until(
            lambda: started.exists() and started.read_text().count("\n") >= trials,  # noqa: B023
            f"{trials} trials",
        )
        process.kill()
        process.communicate()
    code, out, err = run_script("forty.py")
    assert code == 0, err
    lines = started.read_text().splitlines()
    assert set(Counter(lines).values()) == {1}
    limited = dict.fromkeys(["auto", "tpe", "evolution", "sobol"], 30)
    assert Counter(line.split()[0] for line in lines) == {"used_up": 40, **limited}
    used_up = "the study is complete: all 40 combinations of the search space have been tried"
    assert out.count(used_up) == 1
    assert out.count("the study is complete: all 30 trials have ended") == 4


def test_words_of_what_is_off_are_left_out_of_the_command(place: Path) -> None:
    opt = hyperparam.create(type="Categorical", name="opt", candidates=["sgd", "adam"])
    momentum = hyperparam.create(
        type="Categorical", name="momentum", candidates=[0.1, 0.9], when={"opt": "sgd"}
    )
    words = ["--opt={{ trial.param.opt }}", "--momentum", "{{ trial.param.momentum }}", "--last"]
    metric = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"(\d)"
    )
    cmd = ["sh", "-c", 'echo "$*" >> words; echo 1', "-", *words]
    work = task.create(type="BashTask", cmd=cmd, metric_reader=metric)
    table = AutoTuner([opt, momentum], [work], 1, 10, name="study", algorithm="grid").fit()
    assert (place / "words").read_text().splitlines() == [
        "--opt=sgd --momentum 0.1 --last",
        "--opt=sgd --momentum 0.9 --last",
        "--opt=adam --last",
    ]
    assert table["params", "momentum"].isna().tolist() == [False, False, True]


def test_combinations_are_repeated_and_the_best_confirmed_on_seeds_they_share(
    tune: Tune, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tuner = tune(
        "echo {{ trial.id }} {{ trial.seed }} >> ran; "
        "echo $(({{ trial.param.x }} + {{ trial.seed }} % 100))",
        [10, 40, 20, 30],
        start_with=[{"x": 20}],
        repeats=2,
        confirm=2,
        confirm_seeds=3,
        max_parallel=2,
        seed=1,
    )
    table = tuner.fit()
    assert tuner.trials[0].params == {"x": 20}
    ran = [line.split() for line in (place / "ran").read_text().splitlines()]
    seeds = {trial: [seed for one, seed in ran if one == trial] for trial in "0123"}
    # Trials 2 and 3 are x=40 and x=30, the two best; trial 0 is the default.
    assert {trial: len(own) for trial, own in seeds.items()} == {"0": 5, "1": 2, "2": 5, "3": 5}
    assert len(set(seeds["0"])) == 5
    assert {tuple(sorted(seeds[one])) for one in "23"} == {tuple(sorted(seeds["0"]))}
    assert table["params", "x"].tolist() == [40, 30, 20, 10]
    assert table["results", "confirmed"].isna().tolist() == [False, False, False, True]
    assert table["results", "interval"].notna().all()
    assert "confirmed: trial 2 is better than the default (trial 0): +20" in capsys.readouterr().out


def test_two_objectives_are_ranked_by_fronts_within_their_constraint(place: Path) -> None:
    readers = [
        reader.create(
            type="local_reader",
            location="{{ trial.dir }}/stdout.log",
            parser_pattern=rf"{name}=(\d+)",
            metric=name,
        )
        for name in ("acc", "ms", "mb")
    ]
    x = hyperparam.create(type="Categorical", name="x", candidates=[1, 2, 3, 4])
    cmd = "x={{ trial.param.x }}; echo acc=$((x * 10)) ms=$((x == 1 ? 9 : x)) mb=$((x * 25))"
    tuner = AutoTuner(
        [x],
        [task.create(type="BashTask", cmd=cmd, metric_reader=readers)],
        2,
        4,
        name="study",
        objectives=[objective.create("acc"), objective.create("ms", direction="minimize")],
        constraints=["mb <= 80"],
    )
    table = tuner.fit()
    assert (place / "automl_studies" / "study").is_dir()
    assert table["params", "x"].tolist() == [3, 2, 1, 4]
    assert table["metadata", "front"].tolist()[:3] == [1, 1, 2]
    assert table["results", "mb"].tolist() == [75, 50, 25, 100]
    assert "mb <= 80" in table["metadata", "reason"].tolist()[3]
    assert tuner.best_params == {"x": 3}


def test_a_study_begins_with_what_another_found(
    tune: Tune, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "automl")
    tune("echo {{ trial.param.x }}", [1, 2, 3], name="first").fit()
    tuner = tune(
        "echo {{ trial.param.x }}",
        [2, 3, 4, 5, 6],
        name="second",
        warm_start=["first"],
        start_with=[{"x": 5}],
        algorithm="tpe",
        max_trial_num=3,
    )
    tuner.fit()
    assert "2 of 3 trials taken from the study 'first'" in caplog.text
    assert tuner.trials[0].params == {"x": 5}
    assert tuner.trials[0].origin == "start_with"
    assert len({trial.params["x"] for trial in tuner.trials}) == 3


SLOW_SAMPLER = """
import os, time
from optuna.samplers import RandomSampler

class Slow(RandomSampler):
    '''Proposes the first trial at once, and thinks about the second until a file is there.'''

    def sample_independent(self, study, trial, name, distribution):
        if trial.number or study.trials[:-1]:
            open('thinking', 'w').close()
            while not os.path.exists('answer'):
                time.sleep(0.01)
        return super().sample_independent(study, trial, name, distribution)
"""

SLOW_STUDY = (
    SEARCH
    + """
x = hyperparam.create(type='Real', name='x', min_value=0, max_value=1)
stops = "trap 'touch stopped; exit 0' TERM; touch began {{ trial.param.x }}"
study([x], stops + "; while :; do sleep 0.02; done", 2, 9, algorithm='slow:Slow').fit()
"""
)


@pytest.mark.integration
def test_a_search_that_thinks_does_not_hold_up_a_stop(
    place: Path, start: Start, until: Until, survivors: Survivors
) -> None:
    (place / "slow.py").write_text(SLOW_SAMPLER)
    (place / "study.py").write_text(SLOW_STUDY)
    process = start("study.py")
    until((place / "began").exists, "the first trial")
    until((place / "thinking").exists, "the question for the second")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130, err
    assert (place / "stopped").exists()
    assert not (place / "answer").exists()
    assert survivors() == []
    assert "0 of 9 trials have ended; the same command goes on from here" in out
