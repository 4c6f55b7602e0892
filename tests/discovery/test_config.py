"""Values of config files that a command names."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.discovery.config.config_files import config_files
from automl.discovery.config.settings import settings_in
from automl.discovery.option import Kind

YAML = """\
# training
model:
  depth: 3   # layers
  dropout: 0.1
  act: relu
opt: {lr: 1}
optimizer:
    lr: 1e-3
    betas: [0.9, 0.999]
    nesterov: yes
name: "run #1"
text: |
  lr: 5

stages:
  - name: one
    lr: 7
epochs: 10
"""
JSON = '{"model": {"depth": 3, "a b": 1}, "lr": 0.001, "sizes": [1, 2], "amp": true}'
TOML = 'name = "x"  # run\n[model]\ndepth = 3\n\n[train.optim]\nlr = 1e-3\namp = false\n'
INI = "[train]\nlr = 0.1 ; rate\nepochs: 5\n"


def values(text: str, suffix: str) -> dict[str, object]:
    return {one.path: one.value for one in settings_in(text, suffix)}


def test_values_have_paths_and_types() -> None:
    assert values(YAML, ".yaml") == {
        "model.depth": 3,
        "model.dropout": 0.1,
        "model.act": "relu",
        "optimizer.lr": 1e-3,
        "optimizer.nesterov": True,
        "name": "run #1",
        "epochs": 10,
    }
    assert values(JSON, ".json") == {"model.depth": 3, "lr": 1e-3, "sizes": [1, 2], "amp": True}
    assert values(TOML, ".toml") == {
        "name": "x",
        "model.depth": 3,
        "train.optim.lr": 1e-3,
        "train.optim.amp": False,
    }
    assert values(INI, ".ini") == {"train.lr": 0.1, "train.epochs": 5}


@pytest.mark.parametrize(("text", "suffix"), [(YAML, ".yaml"), (TOML, ".toml"), (INI, ".ini")])
def test_a_value_is_told_with_its_line(text: str, suffix: str) -> None:
    for one in settings_in(text, suffix):
        assert one.path.rpartition(".")[2] in text.splitlines()[one.line - 1]


def test_a_key_with_an_anchor_is_one_of_its_own() -> None:
    text = "opt:\n  lr: 1\nmodel: &m\n  depth: 3\nother:\n  <<: *m\n"
    assert values(text, ".yaml") == {"opt.lr": 1, "model.depth": 3}


def test_a_file_may_be_named_without_its_extension(tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text(JSON)
    for words, at in (("./t --config_file base", 2), ("./t --cfg=base", 1), ("./t -m base", 0)):
        found = list(config_files(words.split(), 1, str(tmp_path)))
        assert [(one.word, one.name, one.bare) for one in found] == [(at, "base.json", True)][:at]


def test_files_in_a_command_are_found(tmp_path: Path) -> None:
    (tmp_path / "conf.yaml").write_text(YAML)
    (tmp_path / "conf.json").write_text(JSON)
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "mine.yaml").write_text("lr: {{ trial.param.lr }}\n")
    words = "./t --a conf.yaml --b=conf.json bad.json no.toml mine.yaml x=y".split()  # noqa: SIM905
    found = list(config_files(words, 1, str(tmp_path)))
    assert [(one.word, one.lead, one.name) for one in found] == [
        (2, "", "conf.yaml"),
        (3, "--b=", "conf.json"),
    ]
    depth, *_, amp = (*found[0].options, *found[1].options)
    assert (depth.names, depth.kind, depth.place) == (("model.depth",), Kind.INTEGER, "conf.yaml:3")
    assert (amp.kind, amp.choices, amp.default) == (Kind.CHOICE, (True, False), True)


@given(st.text(alphabet="a:= \n[]{}#'\"-.0|>&\t1\u2028", max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for suffix in (".yaml", ".json", ".toml", ".ini"):
        settings_in(text, suffix)
