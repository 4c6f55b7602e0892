"""Values of config files as options."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.discovery.config.config_files import ConfigFile
from automl.discovery.option import Kind, Option
from automl.render.patch.formats import endings
from automl.studies.draft.config_paths import ConfigValues

YAML = """\
# training
model:
  depth: 3   # layers
  act: relu
opt: {rate: 1}
optimizer:
    lr: 1e-3
    betas: [0.9, 0.999]
    nesterov: yes
name: "run #1"
text: |
  lr: 5

stages:
  - name: one
epochs: 10
"""
JSON = '{"model": {"depth": 3, "a b": 1}, "lr": 0.001, "sizes": [1, 2], "amp": true}'
TOML = 'name = "x"  # run\n[model]\ndepth = 3\nday = 2024-01-01\n[train.optim]\nlr = 1e-3\n'
INI = "[train]\nlr = 0.1 ; rate\nepochs: 5\nshuffle = no\n[a.b]\nx = 1\n"
ENV = "# c\nexport LR=0.1\nNAME='adam'\nN=\"3\"\n"
PYTHON = '''"""Config."""
import math
lr = 6e-4
steps = lr * 2
optimizer = dict(type="SGD", momentum=0.9)
class Config:
    size: int = 64
'''
PROTOBUF = """train_config {
  num_steps: 100
  optimizer_config { adam { lr: 0.01 } }
  kind: FAST
  sync: true
}
"""
FILES = {
    "c.yaml": (
        YAML,
        {
            "model.depth": 3,
            "model.act": "relu",
            "opt.rate": 1,
            "optimizer.lr": 1e-3,
            "optimizer.nesterov": True,
            "name": "run #1",
            "text": "lr: 5\n",
            "epochs": 10,
        },
    ),
    "c.json": (JSON, {"model.depth": 3, "lr": 1e-3, "amp": True}),
    "c.toml": (TOML, {"name": "x", "model.depth": 3, "train.optim.lr": 1e-3}),
    "c.ini": (INI, {"train.lr": 0.1, "train.epochs": 5, "train.shuffle": False}),
    ".env": (ENV, {"LR": 0.1, "NAME": "adam", "N": 3}),
    "c.py": (
        PYTHON,
        {"lr": 6e-4, "optimizer.type": "SGD", "optimizer.momentum": 0.9, "Config.size": 64},
    ),
    "pipeline.config": (
        PROTOBUF,
        {
            "train_config.num_steps": 100,
            "train_config.optimizer_config.adam.lr": 0.01,
            "train_config.sync": True,
        },
    ),
}


def options(name: str, text: str) -> tuple[Option, ...]:
    values = ConfigValues(ConfigFile(1, "", name, text))
    found = (values.settable(one) for one in values.options)
    return tuple(one for one in found if one is not None)


@pytest.mark.parametrize("name", FILES)
def test_values_have_paths_types_and_lines(name: str) -> None:
    text, expected = FILES[name]
    found = options(name, text)
    values = {one.names[0]: one.default for one in found}
    assert values == expected
    assert {path: type(value) for path, value in values.items()} == {
        path: type(value) for path, value in expected.items()
    }
    for one in found:
        line = int(one.place.removeprefix(f"{name}:"))
        if one.names != ("text",):
            assert one.names[0].rpartition(".")[2] in text.splitlines()[line - 1]
    switches = [one for one in found if isinstance(one.default, bool)]
    assert all((one.kind, one.choices) == (Kind.CHOICE, (True, False)) for one in switches)


def test_a_number_in_quotes_is_a_text_where_there_are_numbers() -> None:
    text = "a: '1e-3'\nb: 1e-3\nc: \"on\"\nd: on\n"
    assert [one.default for one in options("c.yaml", text)] == ["1e-3", 1e-3, "on", True]
    assert [one.default for one in options("c.toml", 'a = "0.1"\nb = 0.1\n')] == ["0.1", 0.1]
    assert [one.default for one in options(".env", "A='0.1'\nB=0.1\n")] == [0.1, 0.1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.json", "{"),
        ("c.txt", "a: 1"),
        ("c.py", "lr = 1\nprint(lr)\n"),
        ("c.py", "from .base import x\nlr = 1\n"),
        ("c.py", "_base_ = ['../x.py']\nlr = 1\n"),
        ("c.py", "def f(): pass\nlr = 1\n"),
        ("c.yaml", "[1, 2]"),
        ("c.yaml", "lr: &a 1\nb: *a\n"),
    ],
)
def test_what_cannot_be_changed_is_not_proposed(name: str, text: str) -> None:
    assert [one.names for one in options(name, text)] in ([], [("b",)])


def test_a_large_file_is_tried_in_bounds() -> None:
    text = "".join(f"a{at}: {at}\n" for at in range(400)) + "#" * 400_000
    assert len(options("c.yaml", text)) < 10


def test_of_several_documents_the_first_counts() -> None:
    assert [one.names for one in options("c.yaml", "a: 1\n---\nb: 2\n")] == [("a",)]


@given(
    text=st.text(alphabet="a:= \n[]{}#'\"-.0|>&\t1\u2028", max_size=80),
    ending=st.sampled_from(endings()),
)
def test_any_text_is_read_without_an_error(text: str, ending: str) -> None:
    options(f"c{ending}", text)
