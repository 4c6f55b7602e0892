"""Spaces of other tools beside a command line, and the study files that they become."""

from collections.abc import Callable
from pathlib import Path

import pytest

from automl.cli.exits import USAGE, WELL
from automl.render.documents.yaml_reading import yaml_value

Automl = Callable[..., tuple[int, str, str]]

SPACE = """{
  "lr": {"type": "loguniform", "lower": 0.001, "upper": 0.1},
  "depth": {"type": "randint", "lower": 1, "upper": 4}
}"""


@pytest.fixture
def space(here: Path) -> Path:
    (here / "space.json").write_text(SPACE)
    return here


def test_values_that_the_command_is_not_told_are_options(space: Path, automl: Automl) -> None:
    line = ["run", "--space-file", "space.json", "--seed", "1", "--dry-run", "--", "echo"]
    code, out, _ = automl(*line, "--rate", "{lr}")
    assert code == WELL
    assert "echo --rate 0.0" in out
    assert " --depth " in out
    assert " --lr " not in out
    assert "val_loss: found by its name" in out
    assert "study echo: up to 20 trials, 1 at a time" in out
    assert sorted(one.name for one in space.iterdir()) == ["space.json"]


def test_a_line_for_the_shell_gets_the_options_behind_it(space: Path, automl: Automl) -> None:
    line = ["run", "--space-file", "space.json", "--maximize", "acc", "--dry-run", "--"]
    _, out, _ = automl(*line, "./train -x {depth} 2>&1 | tee log; ./test")
    assert "| tee log; ./test --lr 0.0" in out
    assert "--depth" not in out
    assert "acc: found by its name" in out
    assert space


def test_a_script_that_asks_is_given_no_options(space: Path, automl: Automl) -> None:
    (space / "train.py").write_text("import automl\np = automl.params(lr=0.1)\n")
    line = ["run", "--space-file", "space.json", "--maximize", "acc", "--dry-run", "--"]
    _, out, _ = automl(*line, "python3", "train.py")
    assert "python3 train.py --depth" in out
    (space / "train.py").write_text("import automl\np = automl.params(unknown)\n")
    _, out, _ = automl(*line, "python3", "train.py")
    assert "python3 train.py\n" in out


def test_what_is_typed_overrides_the_space(space: Path, automl: Automl) -> None:
    line = ["run", "--space-file", "space", "-p", "lr=7", "-n", "3", "-j", "2", "--name", "mine"]
    _, out, _ = automl(*line, "--dry-run", "--", "echo")
    assert "study mine: up to 3 trials, 2 at a time" in out
    assert "--lr 7 " in out
    assert space


def test_libcitys_words_are_ours(
    space: Path, automl: Automl, caplog: pytest.LogCaptureFixture
) -> None:
    words = ["--scheduler", "asha", "--search_alg", "HyperOpt", "--num_samples", "7"]
    line = ["run", "--space_file", "space", *words, "--max_concurrent", "3", "--save", "s.yaml"]
    caplog.set_level("INFO", logger="automl")
    code, out, _ = automl(*line, "--dry-run", "--", "echo")
    assert code == WELL
    assert "up to 7 trials, 3 at a time" in out
    assert "--search-alg HyperOpt becomes --algorithm tpe: " in caplog.text
    assert "--scheduler asha becomes --pruner asha: " in caplog.text
    study = yaml_value((space / "s.yaml").read_text())
    assert (study["algorithm"], study["pruner"]) == ("tpe", "asha")


def test_a_grid_is_walked_as_often_as_samples_are_asked_for(here: Path, automl: Automl) -> None:
    grid = (
        '{"a": {"type": "grid_search", "list": [1, 2]}, "b": {"type": "grid_search", "list": [3]}}'
    )
    (here / "grid.json").write_text(grid)
    words = ["--search_alg", "BasicSearch", "--num_samples", "3", "--save", "s.yaml"]
    code, out, _ = automl("run", "--space_file", "grid", *words, "--dry-run", "--", "echo")
    assert code == WELL
    assert "up to 2 trials" in out
    study = yaml_value((here / "s.yaml").read_text())
    assert (study["algorithm"], study["repeats"]) == ("grid", 3)


RUN_MODEL = """import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--task")
parser.add_argument("--config_file")
for name in {"lr": float, "max_epoch": int}:
    parser.add_argument("--{}".format(name))
parser.parse_args()
"""


def test_what_is_no_option_of_libcitys_program_is_in_its_config(
    space: Path, automl: Automl
) -> None:
    (space / "run_model.py").write_text(RUN_MODEL)
    line = ["run", "--task", "traffic", "--space_file", "space", "--dry-run"]
    code, out, _ = automl(*line)
    assert code == WELL
    assert "python run_model.py --task traffic --config_file automl_studies/run_model/t" in out
    assert "--depth" not in out
    # A program that takes all of them is told them so.
    (space / "run_model.py").write_text(RUN_MODEL.replace("max_epoch", "depth"))
    _, out, _ = automl(*line)
    assert "--config_file" not in out
    assert "python run_model.py --task traffic --lr 0." in out


def test_values_in_a_config_file_are_no_options(space: Path, automl: Automl) -> None:
    (space / "conf.json").write_text('{"opt": {"rate": 1}}')
    line = ["run", "--space-file", "space.json", "--file", "conf.json:opt.rate=lr", "--dry-run"]
    _, out, _ = automl(*line, "--", "echo", "conf.json")
    assert "files/conf.json --depth" in out
    assert "--lr" not in out
    assert space


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--model", "GRU"], "--model is LibCity's word beside --space-file, and stands for a"),
        (["--scheduler", "AHSA"], "--scheduler 'AHSA' is unknown (did you mean 'ASHA'?); known: A"),
        (["--search-alg", "x"], "known: HyperOpt, BasicSearch, BayesOptSearch"),
        (["--num-samples", "3", "-n", "4"], "--num-samples and -n/--max-trial-num say the same"),
        (["--max-concurrent", "0"], "--max-concurrent must be at least 1, got 0"),
        (["--from", "rai"], "space file type 'rai' is unknown (did you mean 'ray'?)"),
        (["other.yaml"], "other.yaml and --space-file both describe a study"),
    ],
)
def test_mistakes_beside_a_space(space: Path, automl: Automl, words: list[str], told: str) -> None:
    code, _, message = automl("run", "--space-file", "space.json", *words, "--", "echo")
    assert code == USAGE
    assert told in message
    assert space


def test_what_a_space_lacks_is_asked_for(space: Path, automl: Automl) -> None:
    _, _, message = automl("run", "--space-file", "space.json")
    assert "space.json names no command; give it behind --: automl run --space-file" in message
    _, _, message = automl("run", "--space-file", "none.json", "--", "echo")
    assert "none.json cannot be read: No such file" in message
    _, _, message = automl("run", "--from", "ray", "--", "echo")
    assert "--from says whose space --space-file names" in message
    assert space


def test_a_space_is_converted_into_a_study_file(space: Path, automl: Automl) -> None:
    code, out, told = automl("convert", "space.json")
    assert code == WELL
    assert out.startswith("# What space.json (a space of LibCity or Ray Tune in JSON) becomes.\n# ")
    study = yaml_value(out)
    assert [one["name"] for one in study["hyperparams"]] == ["lr", "depth"]
    assert "max_trial_num: it says none, so it is 20" in told
    assert "its command must be given beside it: automl run --space-file space.json -- " in told
    code, out, _ = automl("convert", "space.json", "-o", "study.yaml")
    assert (code, out) == (WELL, "")
    assert yaml_value((space / "study.yaml").read_text()) == study
    code, _, told = automl("convert", "space.json", "-o", "study.yaml")
    assert code == USAGE
    assert "--force replaces it" in told
    assert automl("convert", "space.json", "-o", "study.yaml", "--force")[0] == WELL
    assert "--save FILE writes the whole" in automl("convert", "space.json")[2]
    assert "must end with .yaml" in automl("convert", "space.json", "-o", "study.txt")[2]


def test_a_whole_space_becomes_a_whole_study(here: Path, automl: Automl) -> None:
    (here / "hunt.sh").write_text("orion hunt -n line echo --x~'uniform(0, 1)'\n")
    _, out, told = automl("convert", "hunt.sh")
    study = yaml_value(out)
    assert list(study)[:3] == ["name", "hyperparams", "task_list"]
    assert study["task_list"][0]["metric_reader"] == {
        "type": "stdout_reader",
        "metric": "objective",
    }
    assert told.endswith("next: automl run --space-file hunt.sh\n")
    (here / "sub").mkdir()
    assert automl("convert", "hunt.sh", "-o", "sub/study.yaml")[0] == WELL
    assert yaml_value((here / "sub" / "study.yaml").read_text())["cwd"] == ".."
    code, out, _ = automl("run", "sub/study.yaml", "--dry-run")
    assert code == WELL
    assert "echo --x=0." in out
