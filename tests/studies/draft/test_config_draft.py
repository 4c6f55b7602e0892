"""Config files that are tuned in place of options."""

import os
from pathlib import Path

from automl.discovery.option import Found, How
from automl.journal.folder import StudyFolder
from automl.launch.launcher import Launcher
from automl.render.documents.yaml_reading import yaml_value
from automl.studies.draft.asked_help import Place
from automl.studies.draft.draft import Draft, Metric
from automl.studies.draft.drafting import draft_of
from automl.studies.draft.text.draft_text import draft_text
from automl.studies.spec_from import spec_from
from automl.study.resources import Grant
from automl.study.trial import Trial

YAML = """\
# mine
opt:
  lr: 0.1   # the rate
  nesterov: true
model: {width: 3}
layers: 2
epochs: 10
"""
JSON = '{"opt": {"lr": 0.1}, "seed": 1, "layers": 2, "amp": true}'
ACC = Metric(name="acc", direction="maximize")


def drafted(folder: Path, *words: str) -> Draft:
    place = Place(str(folder), os.environ)
    return draft_of(words, place, Found((), (), How.HELP, 1), [ACC], "study.yaml")


def written(folder: Path, draft: Draft, params: dict[str, object]) -> str:
    """Return the config file that a trial gets."""
    spec = spec_from(yaml_value(draft_text(draft)), str(folder))
    place = StudyFolder(folder / "studies", "s")
    place.create()
    launcher = Launcher(spec, place, 0, "uid", os.environ)
    launcher.prepare(Trial(id=0, params=params), 1, Grant(env={}))  # type: ignore[arg-type]
    (file,) = Path(place.trial(0).path, "files").iterdir()
    return file.read_text()


def test_values_of_json_are_set_by_their_paths(tmp_path: Path) -> None:
    (tmp_path / "conf.json").write_text(JSON)
    draft = drafted(tmp_path, "./train", "--config=conf.json")
    assert [one.name for one in draft.tuned] == ["opt.lr", "layers", "amp"]
    assert draft.command == ["./train", "--config={{ trial.file.conf }}"]
    text = written(tmp_path, draft, {"opt.lr": 1e-05, "layers": 3, "amp": False})
    assert yaml_value(text) == {"opt": {"lr": 1e-05}, "seed": 1, "layers": 3, "amp": False}


def test_values_of_yaml_too_and_types_and_comments_stay(tmp_path: Path) -> None:
    (tmp_path / "my-conf.yaml").write_text(YAML)
    draft = drafted(tmp_path, "./train", "my-conf.yaml")
    assert draft.command == ["./train", "{{ trial.file.my_conf }}"]
    values = {"opt.lr": 1e-05, "opt.nesterov": False, "layers": 4, "model.width": 9}
    filled = written(tmp_path, draft, values)
    # As PyYAML reads it, which takes 1e-05 for a text.
    assert yaml_value(filled) == {
        "opt": {"lr": 1e-05, "nesterov": False},
        "model": {"width": 9},
        "layers": 4,
        "epochs": 10,
    }
    assert "# mine\n" in filled
    assert "  # the rate" in filled


def test_numbers_of_ini_are_numbers_and_toml_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "conf.ini").write_text("[train]\nlr = 0.1 ; rate\nname = x\n")
    draft = drafted(tmp_path, "./train", "conf.ini")
    assert [one.name for one in draft.tuned] == ["train.lr"]
    assert "lr = 0.25" in written(tmp_path, draft, {"train.lr": 0.25})
    (tmp_path / "conf.toml").write_text("opt = {lr = 0.1}\n[model]\nlayers = 3\n")
    draft = drafted(tmp_path, "./train", "conf.toml")
    assert [one.name for one in draft.tuned] == ["opt.lr", "model.layers"]


def test_nothing_is_proposed_that_would_change_another_value(tmp_path: Path) -> None:
    before = {"warmup": 0.1, "lr": 0.1, "dropout": 0.2}
    (tmp_path / "conf.yaml").write_text("warmup: &r 0.1\nlr: *r\ndropout: 0.2\n")
    draft = drafted(tmp_path, "./train", "conf.yaml")
    values: dict[str, object] = {one.name: 0.3 for one in draft.tuned}
    assert "dropout" in values
    assert yaml_value(written(tmp_path, draft, values)) == before | values


def test_a_program_that_adds_the_extension_gets_its_name_without(tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text(JSON)
    draft = drafted(tmp_path, "./train", "--config_file", "base")
    named = "{{ trial.file.base | relative | without_extension }}"
    assert draft.command == ["./train", "--config_file", named]


def test_a_file_without_anything_to_tune_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "conf.yaml").write_text("seed: 3\nname: x\n")
    assert drafted(tmp_path, "./train", "conf.yaml").files == ()


def test_the_file_says_where_values_come_from(tmp_path: Path) -> None:
    (tmp_path / "conf.yaml").write_text(YAML)
    text = draft_text(drafted(tmp_path, "./train", "conf.yaml"))
    assert "# opt.lr (default 0.1, conf.yaml:3); a rate, so evenly over orders of magnitude" in text
    assert "add epochs: '{{ trial.budget }}' to set of conf.yaml" in " ".join(
        text.replace("\n#", "").split()
    )
    assert "Its values were read from a config file. 4 of 5 are searched" in text
