"""Scripts that call `tune`, each model in a process of its own; a stand-in of Keras counts only."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import fake_keras
import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[3]

DATA = """
import random
import sys
import automl
import keras
from data import train_generator

noise = random.random()


def build_model(rate, kind):
    if kind == "b" and rate == 0.2:
        raise OverflowError("too wide")
    return keras.Model(rate, auc=rate + (kind == "c"), noise=noise)


params = automl.grid({"rate": [0.1, 0.2], "kind": ["a", "b", "c"]})
given = eval(f"dict({sys.argv[1]})") if sys.argv[1:] else {}
"""

GENERATOR = """
def train_generator():
    for number in range(3):
        yield number, number
"""

GUARDED = f"""{DATA}
def main():
    found = automl.tune(
        build_model, params, train=train_generator, steps_per_epoch=2, epochs=3, **given
    )
    print("found", found.best_params, found.best_value, found.best_model().rate)
    return found


if __name__ == "__main__":
    found = main()
    table = found.table
    print("ranked", [*table["metadata"]["id"]], [*table["params"].columns])
    print("epochs", found.best_trial.intermediate_values)
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    shutil.copy(fake_keras.__file__, tmp_path / "keras.py")
    (tmp_path / "data.py").write_text(GENERATOR)
    return tmp_path


def ran(place: Path, script: str, *arguments: str) -> tuple[str, str]:
    """Return what a script printed, and what it logged."""
    (place / "tune.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "tune.py", *arguments],
        cwd=place,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, re.sub(r"^\S+ ", "", done.stderr, flags=re.MULTILINE)


def test_a_grid_is_walked_shown_and_gone_on_with(place: Path) -> None:
    out, log = ran(place, GUARDED, "metric='auc', max_trial_num=4")
    assert [line for line in out.splitlines() if line.startswith("Model")] == [
        f"Model {number} of 4..." for number in range(1, 5)
    ]
    assert "tune: 4 models of 6 combinations, one after the other; ranked by auc, higher" in log
    assert "Best params found: {'rate': 0.1, 'kind': 'c'}\n" in out
    # The others are trained, and what was trained is not trained again.
    out, log = ran(place, GUARDED, "metric='auc', max_parallel=2")
    # Of two at once, either may begin first.
    assert sorted(line for line in out.splitlines() if line.startswith("Model")) == [
        "Model 5 of 6...",
        "Model 6 of 6...",
    ]
    assert "tune: 6 models, 2 at once, 4 of them done already" in log
    assert "OverflowError: too wide (tune.py, line" in out
    best = "{'rate': 0.2, 'kind': 'c'}"
    assert f"Best params found: {best}\nfound {best} 1.2 0.2" in out
    assert "ranked [5, 2, 3, 0, 1, 4] ['kind', 'rate']" in out
    assert "epochs {1: 1.2, 2: 1.2, 3: 1.2}" in out
    # Another metric is read from the same trials.
    out, log = ran(place, GUARDED, "metric='loss'")
    assert "Model" not in out
    assert "Best params found: {'rate': 0.2, 'kind': 'a'}\n" in out
    assert "automl retry tune --failed, before the script" in out


def test_what_a_later_run_asks_otherwise_is_told_as_it_is(place: Path) -> None:
    words = "final='best', max_trial_num=2, metric="
    _, log = ran(place, GUARDED, f"{words}'auc'")
    assert "was kept after" not in log
    # The metric is the same after each epoch, so that the first was kept; the loss still falls.
    _, log = ran(place, GUARDED.replace("epochs=3", "epochs=4"), f"{words}'loss'")
    assert "with epochs=3, now 4;" in log
    assert "was kept after epoch 1, and is not that of best_value, which is of epoch 3" in log
    # No model was trained with the epochs of the run before.
    _, log = ran(place, GUARDED, f"{words}'auc'")
    assert "were trained with" not in log
    assert "was kept after" not in log


def test_data_that_is_drawn_at_random_is_the_same_for_each_model(place: Path) -> None:
    out, _ = ran(place, GUARDED, "metric='noise', direction='minimize', fresh=True")
    values = {line.split()[3] for line in out.splitlines() if re.match(r"\d+ +[abc] ", line)}
    assert len(values - {"-"}) == 1


TWICE = f"""{DATA}
first = automl.tune(build_model, params, train=train_generator, metric="auc")
kind = first.best_params["kind"]
huge = automl.grid(
    {{"rate": [n / 100 for n in range(1, 11)], **{{f"p{{n}}": range(10) for n in range(8)}}}}
)
print(len(huge), first.best_value)


def sampled(options):
    return keras.Model(options["rate"], auc=options["p0"])


second = automl.tune(
    sampled, huge, train=train_generator, metric="auc", algorithm="auto", max_trial_num=3,
    max_parallel=3, seed=1,
)
third = automl.tune(build_model, [{{"rate": 0.3, "kind": kind}}], train=train_generator)
print("three", third.best_params, len(second.trials), second.best_params["p0"] == second.best_value)
"""


def test_a_script_may_tune_several_times_and_sample_a_huge_grid(place: Path) -> None:
    out, log = ran(place, TWICE)
    assert "1000000000 1.2\n" in out
    assert "tune: 3 models of 1,000,000,000 combinations, 3 at once" in log
    assert "huge grid" not in log
    assert "three {'rate': 0.3, 'kind': 'c'} 3 True" in out
    studies = sorted(one.name for one in (place / "automl_studies").iterdir())
    assert studies == ["tune", "tune-2", "tune-3"]


IN_MODULE = """
import automl
import keras
from data import train_generator


def run():
    seen = {}

    def build_model(options):
        return keras.Model(options["rate"])

    return automl.tune(build_model, {"rate": [0.1, 0.5]}, train=train_generator, epochs=2)
"""


def test_a_module_may_tune_for_a_script(place: Path) -> None:
    (place / "library.py").write_text(IN_MODULE)
    out, _ = ran(place, "import library\nprint('found', library.run().best_params)\n")
    assert "found {'rate': 0.5}\n" in out
    assert len(list((place / "automl_studies/tune/functions").iterdir())) == 1
