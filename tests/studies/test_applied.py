"""The best values in a config file, at the study's own paths."""

import json
from pathlib import Path
from typing import Any

import pytest
from loop_fakes import PATTERN, make_spec

from automl.errors import AutomlError, SpecError
from automl.space.parameters import Categorical, Real
from automl.space.space import SearchSpace
from automl.studies.applied import applied
from automl.study.spec import StudySpec
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask

BASE = '{"opt": {"lr": 0.1 /* rate */}, "n": 3, "out": "x",\r\n "batch-size": 8}'
READER = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
SPACE = SearchSpace(
    (
        Real(name="opt.lr", min_value=0, max_value=1),
        Categorical(name="batch-size", candidates=(8, 16)),
    )
)
PARAMS: dict[str, Any] = {"opt.lr": 1e-5, "batch-size": 16}


@pytest.fixture(autouse=True)
def base(tmp_path: Path) -> Path:
    path = tmp_path / "conf.json"
    path.write_text(BASE, newline="")
    return path


def spec(path: Path, *files: dict[str, Any]) -> StudySpec:
    task = BashTask(cmd=["true"], metric_reader=READER, files=files)
    return make_spec(path, space=SPACE, tasks=(task,))


SET = {
    "opt.lr": "{{ trial.param['opt.lr'] }}",
    "n": 1,
    "out": "{{ trial.dir }}/{{ trial.param.batch-size }}",
    "batch-size": "{{ trial.param.batch-size * 2 }}",
}


def test_its_paths_get_their_values_and_all_else_stays(tmp_path: Path, base: Path) -> None:
    base.chmod(0o640)
    found = applied(spec(tmp_path, {"base": "conf.json", "set": SET}), PARAMS, str(base))
    assert found.after == BASE.replace("0.1", "1e-05").replace('size": 8', 'size": 32')
    assert found.left == ["n", "out"]
    assert found.is_base
    found.write()
    assert base.read_bytes() == found.after.encode()
    assert base.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [base]


def test_another_file_has_the_same_paths(tmp_path: Path, base: Path) -> None:
    other = tmp_path / "copy.json"
    (tmp_path / "link.json").symlink_to(other)
    other.write_text('{"batch-size": 1, "opt": {"lr": 2}}')
    made = spec(tmp_path, {"base": "conf.json", "set": SET})
    found = applied(made, PARAMS, str(tmp_path / "link.json"))
    found.write()
    assert json.loads(other.read_text()) == {"batch-size": 32, "opt": {"lr": 1e-5}}
    assert not found.is_base
    assert base.read_bytes() == BASE.encode()


def test_without_paths_the_names_of_parameters_are_paths(tmp_path: Path, base: Path) -> None:
    found = applied(spec(tmp_path), PARAMS, str(base))
    assert found.after == BASE.replace("0.1", "1e-05").replace('size": 8', 'size": 16')


def test_what_is_off_stays(tmp_path: Path, base: Path) -> None:
    made = spec(tmp_path, {"base": "conf.json", "set": SET})
    found = applied(made, {"batch-size": 16}, str(base))
    assert found.after == BASE.replace('size": 8', 'size": 32')


@pytest.mark.parametrize(
    ("files", "name", "told"),
    [
        ([{"base": "conf.json", "set": {"no": SET["opt.lr"]}}], "conf.json", "it has no 'no'"),
        ([], "no.json", "cannot be read: No such file"),
        ([], "bytes.json", "is no UTF-8 text"),
        (
            [
                {"base": "conf.json", "set": SET},
                {"base": "b.json", "name": "b", "set": {"a": 1}},
            ],
            "other.json",
            "paths for several files, conf.json, b.json; give one of these",
        ),
    ],
)
def test_what_cannot_be_put_there_is_told(
    tmp_path: Path, files: list[dict[str, Any]], name: str, told: str
) -> None:
    (tmp_path / "bytes.json").write_bytes(b"\xff")
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(SpecError, match=told):
        applied(spec(tmp_path, *files), PARAMS, str(tmp_path / name))


def test_of_several_files_the_one_with_this_base_counts(tmp_path: Path, base: Path) -> None:
    made = spec(
        tmp_path,
        {"base": "conf.json", "set": {"opt.lr": SET["opt.lr"]}},
        {"base": "b.json", "name": "b", "set": {"a": 1}},
    )
    assert applied(made, PARAMS, str(base)).after == BASE.replace("0.1", "1e-05")


def test_what_changed_meanwhile_is_not_overwritten(tmp_path: Path, base: Path) -> None:
    found = applied(spec(tmp_path), PARAMS, str(base))
    base.write_text("{}")
    with pytest.raises(AutomlError, match="has changed meanwhile; nothing was written"):
        found.write()
    assert base.read_text() == "{}"
