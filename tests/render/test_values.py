"""All values of a trial in one placeholder, and the forms of a path."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from automl.errors import SpecError
from automl.launch.tasks.command import CommandTemplates
from automl.launch.written.params_files import ParamsFiles
from automl.render.documents.yaml_reading import yaml_value
from automl.render.template import Template, TemplateContext
from automl.render.values.overrides import overrides_of
from automl.space.parameters import Categorical
from automl.space.space import SearchSpace


def context(params: dict[str, Any], **more: Any) -> TemplateContext:
    return TemplateContext(3, params, "/s/trials/3", 1, "s", "/s", **more)


# What hydra-core 1.3 reads each of these as is the value itself.
WRITTEN = {
    "adam": "adam",
    "a b": "a b",
    "a,b": "'a,b'",
    "it's": r"'it\'s'",
    "1": "'1'",
    "1e5": "'1e5'",
    "true": "'true'",
    "Null": "'Null'",
    "nan": "'nan'",
    "": "''",
    "${x}": "'${x}'",
    "/a/b.c": "/a/b.c",
    "10:20": "'10:20'",
    "a\\": "'a\\\\'",
    " lead": "' lead'",
    "[1]": "'[1]'",
    "1.0.0": "'1.0.0'",
}


@pytest.mark.parametrize(("text", "written"), WRITTEN.items())
def test_a_text_is_quoted_where_hydra_would_not_take_it(text: str, written: str) -> None:
    assert overrides_of({"k": text}) == (f"k={written}",)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (3, "3"),
        (1e-5, "0.00001"),
        (2.0, "2.0"),
        (True, "true"),
        (None, "null"),
        ([1, "a b", None], "[1,a b,null]"),
        ({"a": 1, "b": "x,y"}, "{a:1,b:'x,y'}"),
    ],
)
def test_a_value_keeps_its_type(value: object, written: str) -> None:
    assert overrides_of({"k.x": value}) == (f"k.x={written}",)


def test_overrides_are_words_of_their_own_in_a_list() -> None:
    made = CommandTemplates(("prog", "-v", "{{ trial.overrides }}", "x"), "task 1")
    given = context({"lr": 0.1, "m.name": "a b", "t": "it's; rm"})
    assert made.filled(given).commands == (
        ("prog", "-v", "lr=0.1", "m.name=a b", r"t='it\'s; rm'", "x"),
    )
    assert made.filled(context({})).commands == (("prog", "-v", "x"),)


@pytest.mark.parametrize("more", ["", " {{ trial.id + 1 }}"])
def test_overrides_are_words_of_their_own_in_a_line(more: str) -> None:
    template = Template(f"prog <<trial.overrides>>{more} | tee log", where="cmd", shell_line=True)
    line = template.render(context({"lr": 0.1, "t": "it's; rm"}))
    assert shlex.split(line)[:3] == ["prog", "lr=0.1", r"t='it\'s; rm'"]


@pytest.mark.parametrize(
    "word", ["x{{ trial.overrides }}", "{{ trial.overrides | upper }}", "--a={{ trial.overrides }}"]
)
def test_overrides_within_a_word_are_refused(word: str) -> None:
    with pytest.raises(SpecError, match="stands for several words; make it a word of its own"):
        CommandTemplates(("prog", word), "task 1")
    with pytest.raises(SpecError, match="stands for several words"):
        CommandTemplates(f"prog {word} x", "task 1")


def test_a_path_may_be_relative_and_without_its_extension(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    given = context({}, cwd=str(tmp_path / "link"), files={"c": f"{tmp_path}/a/conf.v1.json"})
    for text, told in [
        ("{{ trial.file.c | relative }}", "a/conf.v1.json"),
        ("{{ trial.file.c | without_extension }}", f"{tmp_path}/a/conf.v1"),
        ("{{ trial.file.c | relative | without_extension }}", "a/conf.v1"),
        ("{{ trial.params_file | without_extension }}", "/s/trials/3/params"),
    ]:
        template = Template(text, where="cmd")
        assert template.render(given) == told
        line = Template(f"prog {text}", where="cmd", shell_line=True)
        assert line.render(given) == f"prog {shlex.quote(told)}"


def test_yaml_of_values_reads_as_they_are() -> None:
    space = SearchSpace((Categorical(name="x", candidates=(1, 2)),))
    values = {"lr": 1e-05, "on": "yes", "n": 3, "t": "12:30:00", "amp": True}
    written = ParamsFiles({"trial.params_yaml", "trial.params_file"}, space).filled(context(values))
    assert [one.path for one in written] == ["/s/trials/3/params.json", "/s/trials/3/params.yaml"]
    assert [yaml_value(one.text) for one in written] == [values, values]
