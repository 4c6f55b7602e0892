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
    assert draft.template == ("", "")
    text = written(tmp_path, draft, {"opt.lr": 1e-05, "layers": 3, "amp": False})
    assert yaml_value(text) == {"opt": {"lr": 1e-05}, "seed": 1, "layers": 3, "amp": False}


def test_of_others_a_copy_has_placeholders_and_types_stay(tmp_path: Path) -> None:
    (tmp_path / "my-conf.yaml").write_text(YAML)
    draft = drafted(tmp_path, "./train", "my-conf.yaml")
    assert draft.command == ["./train", "{{ trial.file.my_conf }}"]
    path, text = draft.template
    assert path == "my-conf.automl.yaml"
    assert "  # the rate" in text
    (tmp_path / path).write_text(text)
    values = {"opt.lr": 1e-05, "opt.nesterov": False, "layers": 4}
    filled = written(tmp_path, draft, values)
    # As PyYAML reads it, which takes 1e-05 for a text.
    assert "1.0000000000000001e-05" in filled
    assert yaml_value(filled) == {
        "opt": {"lr": 1e-05, "nesterov": False},
        "model": {"width": 3},
        "layers": 4,
        "epochs": 10,
    }
    assert "# mine\n" in filled


def test_a_file_without_anything_to_tune_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "conf.yaml").write_text("seed: 3\nname: x\n")
    assert drafted(tmp_path, "./train", "conf.yaml").files == ()


def test_the_file_says_where_values_come_from(tmp_path: Path) -> None:
    (tmp_path / "conf.yaml").write_text(YAML)
    text = draft_text(drafted(tmp_path, "./train", "conf.yaml"))
    assert "# opt.lr (default 0.1, conf.yaml:3); a rate, so evenly over orders of magnitude" in text
    assert "write '{{ trial.budget }}' for epochs in conf.automl.yaml" in " ".join(
        text.replace("\n#", "").split()
    )
    assert "Its values were read from a config file. 3 of 4 are searched" in text
