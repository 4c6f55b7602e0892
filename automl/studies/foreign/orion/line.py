"""A command line with Orion's marks, alone or in a script, behind `orion hunt` or not."""

import re
import shlex
from typing import Any

from automl.errors import SpecError
from automl.studies.foreign.orion.priors import PRIORS, is_prior
from automl.studies.foreign.orion.priors_found import NAMELESS, Priors
from automl.studies.foreign.renamed import left_out
from automl.studies.foreign.space import Converted

_MARK = re.compile(
    r"(?P<option>(?P<dashes>-{0,2})(?P<name>[A-Za-z_/][\w./\-]*))~(?P<kind>[+\-=>]?)(?P<prior>.*)",
    re.DOTALL,
)
_IN_TEXT = re.compile(rf"~\+?['\"]?(?:{'|'.join([*PRIORS, 'fidelity'])})\(")
_FLAGS = {
    *("--enable-evc", "--ignore-code-changes", "--auto-resolution", "--manual-resolution"),
    *("--debug", "-d", "-v", "-vv", "-vvv", "--non-monitored-arguments"),
}
"""Options of `orion hunt` without a value."""

_OPTIONS = {
    "-n": "name",
    "--name": "name",
    "--max-trials": "max_trial_num",
    "--exp-max-trials": "max_trial_num",
    "--n-workers": "max_parallel",
    "--exp-max-broken": "fail_fast",
}
_TEMPLATES = {
    "trial.id": "{{ trial.id }}",
    "trial.working_dir": "{{ trial.dir }}",
    "trial.hash_params": "{{ trial.id }}",
    "exp.name": "{{ study.name }}",
    "exp.working_dir": "{{ study.dir }}",
}
"""What Orion puts into a command, as our placeholders."""

_TEMPLATE = re.compile(r"\{((?:trial|exp)\.\w+)\}")
_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")
_METRIC = "objective"
_OF_CONFIG = re.compile(r"^\S*[=:~]| [=:]$")
_NO_COMMAND = (
    "this is no command line; of configs, JSON and YAML are read, with marks such as "
    "lr: orion~uniform(0, 1); for others write placeholders and give --file"
)


def is_line(text: str) -> bool:
    """Tell whether there are priors in a text as Orion has them on a command line."""
    return _IN_TEXT.search(text) is not None


def of_line(text: str) -> Converted:
    """Return the study of the command that has marks; what else a script has is left out.

    Raises:
        SpecError: there is none, or a mark is not as Orion has it.
    """
    number, line, notes = _chosen(text)
    place = f"[{number}]"
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise SpecError(f"this is no command line: {error}", place=place) from error
    study, words = _hunted(words, notes)
    if not words or _OF_CONFIG.search(" ".join(words[:2])):
        raise SpecError(_NO_COMMAND, place=place)
    priors = Priors()
    made = [_filled(one) for word in words for one in _marked(word, priors, place)]
    names = [one or other for word in made for one, other in _VARIABLE.findall(word)]
    return Converted(
        study={
            **({"env_from": list(dict.fromkeys(names))} if names else {}),
            **priors.keywords(),
            **study,
            "objectives": [{"metric": _METRIC, "direction": "minimize"}],
            "task_list": [{"type": "BashTask", "cmd": made}],
        },
        notes=(*notes, *priors.notes()),
        ranked_notes=(f"{NAMELESS}; {_METRIC} is read if none is given",),
    )


def _chosen(text: str) -> tuple[int, str, list[str]]:
    """Return the line that has marks, with those that go on with it, and what is left out."""
    lines = text.splitlines()
    logical: list[tuple[int, str]] = []
    start = 0
    while start < len(lines):
        end = start
        while lines[end].rstrip().endswith("\\") and end + 1 < len(lines):
            end += 1
        whole = " ".join(one.rstrip().removesuffix("\\") for one in lines[start : end + 1])
        logical.append((start, whole))
        start = end + 1
    said = [one for one in logical if one[1].strip() and not one[1].lstrip().startswith("#")]
    number, line = next((one for one in said if _IN_TEXT.search(one[1])), (0, text))
    others = len(said) - 1
    notes = [left_out(f"what else the script does, {others} lines,")] if others > 0 else []
    return number, line, notes


def _filled(word: str) -> str:
    """Return a word with our placeholders for Orion's, and `${NAME}` for a variable."""
    word = _TEMPLATE.sub(lambda found: _TEMPLATES.get(found[1], found[0]), word)
    return _VARIABLE.sub(lambda found: f"${{{found[1] or found[2]}}}", word)


def _hunted(words: list[str], notes: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Return the keywords that options of `orion hunt` say, and the user's own command."""
    study: dict[str, Any] = {}
    if words[:1] != ["orion"]:
        return study, words
    rest = [word for word in words[1:] if word != "hunt"]
    while rest and rest[0].startswith("-"):
        option, equals, value = rest.pop(0).partition("=")
        if not equals and rest and option not in _FLAGS:
            value = rest.pop(0)
        keyword = _OPTIONS.get(option)
        if keyword is None:
            notes.append(left_out(f"orion's option {option} {value}".rstrip()))
        else:
            study[keyword] = int(value) if value.isdigit() and keyword != "name" else value
    return study, rest


def _marked(word: str, priors: Priors, place: str) -> list[str]:
    """Return the words of a command for one that may be marked."""
    found = _MARK.fullmatch(word)
    if found is None or not (found["dashes"] or is_prior(found["prior"])):
        return [word]
    if found["kind"] in {"-", ">"}:
        raise SpecError(
            f"{word!r}: what an experiment was before it branched has no counterpart", place=place
        )
    name = found["name"].lstrip("/").replace("/", ".")
    value = priors.add(name, found["prior"], place)
    if not found["dashes"]:
        return [value]
    option = found["option"]
    return [f"{option}={value}"] if option.startswith("--") else [option, value]
