"""Names of parameters that are no words, in templates as users write them."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.render.footprint import footprint
from automl.render.names.placeholders import check_placeholders
from automl.render.template import Template, TemplateContext
from automl.render.typed import TypedTemplate

VALUES = {
    "lr": 0.5,
    "batch-size": 32,
    "model.lr": 0.25,
    "learning rate": 3,
    "1_cv": 5,
    "it's": "a b",
    "q\"u'o": 1,
    "lambda": 2,
    "größe-2": 4,
}
NAMES = list(VALUES)


def context(values: object = None) -> TemplateContext:
    return TemplateContext(0, values or VALUES, "/t", 1, "s", "/s")  # type: ignore[arg-type]


def known(text: str, names: list[str] = NAMES, *, shell_line: bool = False) -> Template:
    template = Template(text, where="word 1", shell_line=shell_line)
    check_placeholders([template], names)
    return template


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_taken_as_written(name: str) -> None:
    value = str(VALUES[name])
    for text in (f"{{{{ trial.param.{name} }}}}", f"<<trial.param.{name}>>"):
        template = known(text)
        assert template.render(context()) == value
        assert template.placeholders() == {f"trial.param.{name}"}
        line = known(f"echo {text} '{text}'", shell_line=True).render(context())
        assert shlex.split(line) == ["echo", value, value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ trial.param.batch-size * 2 }}", "64"),
        ("{{ trial.param.batch-size-1 }}", "31"),
        ("{{ trial.param.lr-1 }}", "-0.5"),
        ("{{trial.param.learning rate}}/{{ trial.param.1_cv }}", "3/5"),
        ("{% if trial.param.learning rate > 2 %}yes{% endif %}", "yes"),
        ("{% for i in range(trial.param.1_cv) %}{{ i }}{% endfor %}", "01234"),
        ("{{ trial.param.gone-1 | default(7) }}", None),
        ("{{ trial.param.1_cv | default(7) }}", "5"),
        ("{{ 'trial.param.batch-size' }}", "trial.param.batch-size"),
        ("{% raw %}{{ trial.param.batch-size }}{% endraw %}", "{{ trial.param.batch-size }}"),
        ("trial.param.batch-size", "trial.param.batch-size"),
        ("{{ trial.param.learning rate if trial.param.lr else trial.param.1_cv }}", "3"),
        ("{{ [trial.param.1_cv, trial.param.model.lr] }}", "[5, 0.25]"),
        ("{{ trial.param['batch-size'] }}", "32"),
        ("{{ trial.param.lr.is_integer() }}", "False"),
    ],
)
def test_within_expressions_and_statements_too(text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(SpecError, match=r"'trial\.param\.gone-1' is unknown"):
            known(text)
    else:
        assert known(text).render(context()) == expected


def test_a_value_of_a_config_file_keeps_its_type() -> None:
    typed = TypedTemplate(
        {"a": "{{ trial.param.batch-size }}", "b": ["<<trial.param.learning rate>>"]}, where="file"
    )
    check_placeholders(typed.templates, NAMES)
    assert typed.value(context()) == {"a": 32, "b": [3]}


@pytest.mark.parametrize(
    ("names", "inside"),
    [
        (["batch", "batch-size"], "batch-size"),
        (["model", "model.lr"], "model.lr"),
        (["lr", "lr-1"], "lr-1"),
        (["lr", "lr if 1"], "lr if 1"),
        (["x", "x[0]"], "x[0]"),
    ],
)
def test_a_name_with_two_meanings_is_refused_with_both_ways_to_write_it(
    names: list[str], inside: str
) -> None:
    for text in (f"{{{{ trial.param.{inside} }}}}", f"<<trial.param.{inside}>>"):
        with pytest.raises(SpecError) as caught:
            known(text, names)
        told = str(caught.value)
        assert told.startswith("word 1: ")
        assert f"trial.param[{names[1]!r}] for the first" in told
    for name in names:
        assert known(f"{{{{ trial.param[{name!r}] }}}}", names).render(context({name: 1})) == "1"


def test_the_longest_known_name_is_meant() -> None:
    names = ["top", "top k", "top k acc"]
    values = {"top": 1, "top k": 2, "top k acc": 3}
    for name in names:
        assert known(f"<<trial.param.{name}>>", names).render(context(values)) == str(values[name])


@pytest.mark.parametrize(
    ("text", "asked", "meant"),
    [
        ("{{ trial.param.batch-siz }}", "trial.param.batch-siz", "trial.param.batch-size"),
        ("<<trial.param.batchsize>>", "trial.param.batchsize", "trial.param.batch-size"),
        ("{{ trial.param.learning rat }}", "trial.param.learning rat", "trial.param.learning rate"),
        ("{{ trial.param.2_cv }}", "trial.param.2_cv", "trial.param.1_cv"),
        ("{{ trial.param.modl.lr }}", "trial.param.modl.lr", "trial.param.model.lr"),
        ("{{ batch-size }}", "batch-size", "trial.param.batch-size"),
        ("{{ learning rate }}", "learning rate", "trial.param.learning rate"),
        ("{{ trial.param.batch-size }} {{ lr }}", "lr", "trial.param.lr"),
    ],
)
def test_hints_suggest_what_was_written(text: str, asked: str, meant: str) -> None:
    with pytest.raises(SpecError) as caught:
        known(text)
    assert f"placeholder {asked!r} is unknown (did you mean {meant!r}?)" in str(caught.value)


def test_a_name_in_angles_without_its_beginning_is_told() -> None:
    with pytest.raises(SpecError, match=r"write <<trial\.param\.batch-size>>"):
        known("<<batch-size>>")
    with pytest.raises(SpecError, match=r"write <<trial\.param\.learning rate>>"):
        known("cat << learning rate >>", shell_line=True)
    assert known("cat <<EOF-x >> y", shell_line=True).placeholders() == set()


def test_what_is_no_template_whatever_the_names_is_refused_at_once() -> None:
    for text in ("{{ trial.id | }}", "{{ 1 + }}", "{{ }}", "{% if x %}"):
        with pytest.raises(SpecError):
            Template(text, where="word 1")
    for text in ("{{ trial.param.top k }}", "{{ trial.param.lr + }}"):
        late = Template(text, where="word 1")
        with pytest.raises(SpecError, match=r"word 1: .*(expected|unexpected)"):
            check_placeholders([late], ["lr"])


def test_footprints_know_them_too() -> None:
    def of(location: str, *names: str) -> str:
        return str(footprint(location, cwd="/w", study_name="s", study_dir="/s", parameters=names))

    assert of("out/{{ trial.param.top k }}/{{ study.name }}", "top k") == "/w/out/*/s"
    assert of("a{{ trial.param.1_cv }}.log", "1_cv") == of("a{{ trial.param['1_cv'] }}.log")
    statement = "{% if trial.param.top k %}{{ study.name }}{% endif %}"
    assert of(statement, "top k") == of("{% if trial.param['top k'] %}{{ study.name }}{% endif %}")


@given(
    st.text(st.characters(exclude_characters="\0\r\n{}<>%#", codec="utf-8"), min_size=1, max_size=9)
    .map(str.strip)
    .filter(bool)
)
def test_any_name_without_braces_is_taken_as_written(name: str) -> None:
    template = known(f"{{{{ trial.param.{name} }}}}", [name])
    assert template.render(context({name: "value"})) == "value"
