import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automl.errors import RenderError, SpecError
from automl.render.names.placeholders import check_placeholders
from automl.render.template import Template, TemplateContext

PARAMS = {
    "lr": 0.01,
    "n": 3,
    "odd name": "a b",
    "items": "the parameter",
    "get": "also",
    "layers": [1, 2],
    "opt": {"name": "sgd"},
    "flag": True,
    "none": None,
    "text": "it's $HOME",
}
identifiers = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
values = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
arguments = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


def context(**params: object) -> TemplateContext:
    return TemplateContext(
        trial_id=7,
        params=params or PARAMS,
        trial_dir="/t/7",
        seed=5,
        study_name="s",
        study_dir="/s",
    )


def render(text: str, *, shell_line: bool = False, **params: object) -> str:
    return Template(text, where="task 1", shell_line=shell_line).render(context(**params))


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("trial.id", "7"),
        ("trial.dir", "/t/7"),
        ("trial.seed", "5"),
        ("study.name", "s"),
        ("study.dir", "/s"),
        ("trial.param.lr", "0.01"),
        ("trial.param['odd name']", "a b"),
        ('trial.param["odd name"]', "a b"),
        ("trial['param']['odd name']", "a b"),
        ("trial.param.items", "the parameter"),
        ("trial.param.get | upper", "ALSO"),
        ("trial.param.layers", "[1, 2]"),
        ("trial.param.layers[1]", "2"),
        ("trial.param.opt", '{"name": "sgd"}'),
        ("trial.param.opt.name", "sgd"),
        ("trial.param.flag", "True"),
        ("trial.param.none", "None"),
        ("trial.param.lr * 2", "0.02"),
        ("trial.param.text.split(' ')[1]", "$HOME"),
    ],
)
def test_both_forms_give_the_value(inside: str, expected: str) -> None:
    assert render(f"{{{{ {inside} }}}}") == expected
    assert render(f"{{{{{inside}}}}}") == expected
    assert render(f"<<{inside}>>") == expected
    assert render(f"<< {inside} >>,{{{{ trial.id }}}}") == f"{expected},7"


@pytest.mark.parametrize("text", ["{{ python }}", "{{python}}", "{{ python | upper | lower }}"])
def test_the_python_that_runs_the_study_has_a_name(text: str) -> None:
    given = replace(context(), python="/v/bin/python")
    template = Template(text, where="task 1", shell_line=True)
    assert template.placeholders() == {"python"}
    assert template.render(given) == "/v/bin/python"
    assert Template("{{ python.strip() }}", where="x").placeholders() == {"python"}
    assert context().python == sys.executable


@settings(max_examples=30)
@given(name=identifiers, value=values.filter(lambda value: "\0" not in str(value)))
def test_an_expression_and_a_single_placeholder_give_the_same(name: str, value: object) -> None:
    forms = (
        f"{{{{ trial.param.{name} }}}}",
        f"<<trial.param.{name}>>",
        f"{{{{ trial.param['{name}'] }}}}",
        f"{{{{ (trial.param['{name}']) }}}}",
    )
    for shell_line in (False, True):
        assert len({render(form, shell_line=shell_line, **{name: value}) for form in forms}) == 1


@given(st.text(st.sampled_from("ab\r\n\t {}#<>'\"$é%=0")))
def test_the_text_around_placeholders_is_untouched(text: str) -> None:
    if "{{" in text or "{%" in text:
        return
    assert render(text) == text
    assert render(f"{text} <<trial.id>>") == f"{text} 7"
    assert render(f"{text} {{{{ trial.id + 1 }}}}") == f"{text} 8"


@pytest.mark.parametrize(
    "text",
    [
        "cat <<EOF >> out.log\nlr\nEOF\n",
        "cat <<EOF>>out.log\nlr\nEOF\n",
        "cat <<'EOF'\nEOF >>\n",
        "cat <<-EOF\nx\nEOF",
        "cat <<<trial.id>>out",
        "a << b >> c",
        "$((1<<2)) 8>>2",
        "<<trial.id",
        "<<trial.id\n>>",
        "${#array} {# no comment #}",
    ],
)
def test_other_uses_of_the_signs_are_left_alone(text: str) -> None:
    assert render(text) == text
    assert render(text + "{{ trial.id + 1 }}") == text + "8"


def test_a_placeholder_within_braces_or_before_a_redirection() -> None:
    assert render('{"a":{<<trial.id>>}}') == '{"a":{7}}'
    assert render('{<<trial.id>>:"{{ trial.id + 1 }}"}') == '{7:"8"}'
    assert render("<<trial.id>>>out") == "7>out"
    assert render("{% raw %}<<trial.id>>{{ x }}{% endraw %}<<trial.id>>") == "<<trial.id>>{{ x }}7"


def test_statements() -> None:
    text = "{% if trial.param.flag %}--flag{% else %}--no{% endif %}"
    assert render(text) == "--flag"
    assert render(text, flag=False) == "--no"
    assert render("{% for n in range(trial.param.n) %}{{ loop.index }}{{ n }},{% endfor %}") == (
        "10,21,32,"
    )
    assert render("{% set x = trial.param.n * 2 %}{{ x }}") == "6"


def test_placeholders_are_found_in_expressions_too() -> None:
    text = (
        "<<trial.id>> {{ trial.param.lr }} {{ '%s' % trial.param['odd name'].upper() }} "
        "{% if trial.param.n > 1 and study.name %}{% endif %}"
        "{% for v in trial.param.layers %}{{ v }}{{ loop.index }}{% endfor %}{{ range(2) | list }}"
    )
    assert Template(text, where="w").placeholders() == {
        "trial.id",
        "trial.param.lr",
        "trial.param.odd name",
        "trial.param.n",
        "trial.param.layers",
        "study.name",
    }
    assert Template("plain", where="w").placeholders() == set()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ lr }}", r"task 1: '{{ lr }}': placeholder 'lr' is unknown.*mean 'trial.param.lr'\?"),
        ("{{ trial.lr }}", r"'trial.lr' is unknown \(did you mean 'trial.param.lr'\?\)"),
        ("<<trail.param.lr>>", r"'trail.param.lr' is unknown \(did you mean 'trial.param.lr'\?\)"),
        ("<<trail.id>>", r"'trail.id' is unknown \(did you mean 'trial.id'\?\)"),
        ("{{ trial.params.n }}", r"'trial.params.n' is unknown \(did you mean 'trial.param.n'\?\)"),
        ("{{ odd }}", r"known: trial.id, .*, trial.param.odd name, "),
        ("{{ trial.param }}", "placeholder 'trial.param' is unknown"),
        ("{{ trial.param[study.name] }}", "placeholder 'trial.param' is unknown"),
        ("{{ trial.param.__class__ }}", "placeholder 'trial.param.__class__' is unknown"),
        ("{{ dict }}", "placeholder 'dict' is unknown"),
        ("{{ pyhton }}", r"placeholder 'pyhton' is unknown \(did you mean 'python'\?\)"),
        ("<<python>> x.py", r"<<python>> would not be filled in; write {{ python }};"),
        ("<<lr>>", r"<<lr>> would not be filled in; write <<trial.param.lr>>"),
    ],
)
def test_unknown_placeholders_are_refused(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        check_placeholders([Template("ok", where="w"), Template(text, where="task 1")], PARAMS)


def test_known_placeholders_and_here_documents_pass() -> None:
    text = "{{ trial.id }}<<trial.param.lr>>{{ trial.param.items.upper() }} cat <<EOF >> x"
    check_placeholders([Template(text, where="w")], PARAMS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ trial.id", "line 1: .*between {% raw %}"),
        ("\n{% if trial.id %}", "line 2: .*between {% raw %}"),
        ("{{ trial.id | nope }}", "line 1: .*nope"),
        ("{% include 'x' %}", "statement 'include'.*allowed: if, for, set, raw"),
        ("a\0b", "NUL"),
    ],
)
def test_a_broken_template_is_refused_when_made(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=f"task 1: word 2: .*{message}"):
        Template(text, where="task 1: word 2")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ 1 / (trial.id - 7) }}", "ZeroDivisionError"),
        ("{{ trial.param.text.__class__.__mro__ }}", "unsafe"),
        ("{{ trial.param.layers.append(1) }}", "unsafe"),
        ("{{ trial.param.absent }}", "no parameter 'absent'"),
        ("{{ trial.param.absent + 1 }}", "no attribute 'absent'"),
        ("{{ trial.param.text | map('upper') }}", "generator"),
        ("{{ trial.param.nul }}", "NUL"),
        ("{{ trial.param.nul ~ 1 }}", "NUL"),
    ],
)
def test_a_failing_expression_names_trial_place_and_text(text: str, message: str) -> None:
    template = Template(text, where="task 1")
    with pytest.raises(
        RenderError, match=rf"trial 7: task 1: cannot fill in .*{message}"
    ) as raised:
        template.render(context(**PARAMS, nul="a\0b"))
    assert repr(text) in str(raised.value)


def test_simple_templates_never_load_jinja() -> None:
    code = (
        "import sys\n"
        "from automl.render.template import Template, TemplateContext\n"
        "c = TemplateContext(0, {'x': 'a b'}, '', 0, '', '')\n"
        "text = '-x <<trial.param.x>> {{trial.id}}'\n"
        "print(Template(text, where='', shell_line=True).render(c))\n"
        "print('jinja2' in sys.modules)\n"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert out.stdout == "-x 'a b' 0\nFalse\n"


@pytest.mark.parametrize("inside", ["trial.param.text", "trial.param.text ~ ''"])
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("echo @", """echo 'it'"'"'s $HOME'"""),
        ('echo "x @"', r'echo "x it\'s \$HOME"'.replace(r"\'", "'")),
        ("echo 'x @'", """echo 'x it'"'"'s $HOME'"""),
        ('echo "it\'s" @', """echo "it's" 'it'"'"'s $HOME'"""),
        ("echo \\' @", """echo \\' 'it'"'"'s $HOME'"""),
        ("echo a#' @ '", """echo a#' it'"'"'s $HOME '"""),
        ("# it's\necho @", """# it's\necho 'it'"'"'s $HOME'"""),
        ('echo "${x}" $(echo @)', """echo "${x}" $(echo 'it'"'"'s $HOME')"""),
    ],
)
def test_a_value_is_quoted_as_its_place_needs(line: str, inside: str, expected: str) -> None:
    assert render(line.replace("@", f"{{{{ {inside} }}}}"), shell_line=True) == expected


@pytest.mark.parametrize("inside", ["trial.param.v", "trial.param.v ~ ''"])
@pytest.mark.parametrize(
    "line",
    [
        "echo `echo @`",
        'echo "$(echo @)"',
        "echo $((1 + @))",
        "echo ${x:-@}",
        'echo "${x:-@}"',
        "echo ${x:-'@'}",
        "echo $@",
        'echo "$@"',
        "echo \\@",
        "echo $'@'",
        "echo $[@]",
        'echo "$[@]"',
        "true # @",
        "cat <<EOF\n@\nEOF",
        "cat <<EOF # x\n@\nEOF",
    ],
)
def test_where_quoting_is_unsafe_only_plain_values_pass(line: str, inside: str) -> None:
    text = line.replace("@", f"{{{{ {inside} }}}}")
    assert render(text, shell_line=True, v=0.5) == line.replace("@", "0.5")
    with pytest.raises(RenderError, match="cannot be quoted safely"):
        render(text, shell_line=True, v="a b")


@pytest.mark.parametrize("inside", ["trial.param.n", "trial.param.n + 0"])
def test_a_number_before_a_redirection_is_no_file_descriptor(inside: str) -> None:
    assert render(f"echo {{{{ {inside} }}}}>out", shell_line=True) == "echo '3'>out"
    assert render(f"echo {{{{ {inside} }}}} >out", shell_line=True) == "echo 3 >out"


def test_branches_of_a_shell_line_must_leave_quotes_as_they_found_them() -> None:
    line = "echo {% if trial.id %}\"{{ trial.param.text }}\"{% else %}'x'{% endif %} <<trial.id>>"
    assert render(line, shell_line=True) == 'echo "it\'s \\$HOME" 7'
    for broken in ('{% if trial.id %}"{% endif %}"', '{% for x in range(2) %}"{{ x }}{% endfor %}'):
        with pytest.raises(SpecError, match="must end within it"):
            Template(broken, where="w", shell_line=True)


PLACES = ("{}", '"{}"', "'{}'", "x{}y", '"it\'s {}"', "$(printf %s x){}", "\\'{}", "''\"\"{}")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values=st.lists(arguments, min_size=20, max_size=60), simple=st.booleans())
def test_any_text_in_a_shell_line_stays_one_argument(values: list[str], simple: bool) -> None:  # noqa: FBT001
    params = {f"p{number}": value for number, value in enumerate(values)}
    form = "<<trial.param.{}>>" if simple else "{{{{ trial.param.{} ~ '' }}}}"
    places = [PLACES[number % len(PLACES)] for number in range(len(values))]
    words = [place.format(form.format(name)) for place, name in zip(places, params, strict=True)]
    line = render("printf '%s\\0' " + " ".join(words), shell_line=True, **params)
    printed = subprocess.run(["/bin/sh", "-c", line.encode()], check=True, capture_output=True)
    bare = {"{}": "{}", '"{}"': "{}", "'{}'": "{}", "\\'{}": "'{}", "''\"\"{}": "{}"}
    bare |= {"x{}y": "x{}y", '"it\'s {}"': "it's {}", "$(printf %s x){}": "x{}"}
    expected = [bare[place].format(value) for place, value in zip(places, values, strict=True)]
    assert printed.stdout.decode().split("\0")[:-1] == expected
