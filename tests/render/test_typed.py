from typing import Any

import pytest

from automl.errors import RenderError, SpecError
from automl.render.names.placeholders import check_placeholders
from automl.render.template import TemplateContext
from automl.render.typed import TypedTemplate

CONTEXT = TemplateContext(
    7,
    {"n": 3, "lr": 1e-5, "on": True, "no": None, "layers": [1, 2], "odd name": "a"},
    "/t/7",
    5,
    "s",
    "/s",
    budget=2.5,
    files={"conf": "/t/7/files/conf.json"},
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ trial.param.n }}", 3),
        ("<<trial.param.n>>", 3),
        ("{{trial.param.on}}", True),
        ("{{ trial.param.lr }}", 1e-5),
        ("{{ trial.param.no }}", None),
        ("{{ trial.param.layers }}", [1, 2]),
        ("{{ trial.param['odd name'] }}", "a"),
        ("{{ trial.id }}", 7),
        ("{{ trial.budget }}", 2.5),
        ("{{ trial.file.conf }}", "/t/7/files/conf.json"),
        ("{{ trial.param.n * 2 }}", 6),
        ("{{ -trial.param.n }}", -3),
        ("{{- trial.param.n / 2 -}}", 1.5),
        ("{{ trial.param.layers[1] }}", 2),
        ("{{ trial.param.n > 2 }}", True),
        ("{{ trial.param.n | string }}", "3"),
        ("{{ trial.param.missing | default(4) }}", 4),
        ("{{ trial.param.n }}.", "3."),
        (" {{ trial.param.n }}", " 3"),
        ("{{ trial.param.n }}{{ trial.param.n }}", "33"),
        ("{% if trial.param.on %}1{% endif %}", "1"),
        ("plain", "plain"),
        ("", ""),
        (4, 4),
        (False, False),
        (None, None),
        (["{{ trial.param.n }}", "x", 1.0], [3, "x", 1.0]),
        ({"a": {"b": "{{ trial.param.on }}"}}, {"a": {"b": True}}),
    ],
    ids=repr,
)
def test_a_placeholder_that_is_all_of_a_text_keeps_its_type(text: Any, expected: object) -> None:
    value = TypedTemplate(text, where="w").value(CONTEXT)
    assert (type(value), value) == (type(expected), expected)


def test_all_texts_in_it_are_checked_before() -> None:
    made = TypedTemplate(["{{ trial.param.n }}", {"a": "{{ trial.param.m + 1 }}"}], where="file")
    with pytest.raises(SpecError, match=r"^file: .*placeholder 'trial.param.m' is unknown"):
        check_placeholders(made.templates, ["n"])
    with pytest.raises(SpecError, match=r"^w: "):
        TypedTemplate("{{ 1 + }}", where="w")


@pytest.mark.parametrize("file", ["trial.file.cnf", "trial.file['cnf']"])
def test_a_file_of_another_name_is_unknown(file: str) -> None:
    made = TypedTemplate(f"{{{{ {file} }}}}", where="cmd")
    with pytest.raises(SpecError, match=r"'trial.file.cnf' is unknown .did you mean 'trial.file.c"):
        check_placeholders(made.templates, [], ["conf"])


@pytest.mark.parametrize(
    "text", ["{{ trial.param.n / 0 }}", "{{ trial.param.absent }}", "{{ trial.param.n.imag.no }}"]
)
def test_what_cannot_be_told_fails_its_trial(text: str) -> None:
    with pytest.raises(RenderError, match=r"^trial 7: w: cannot fill in"):
        TypedTemplate(text, where="w").value(CONTEXT)
