"""The command of an experiment: what the first container of a trial's job runs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from automl.studies.foreign.entry import Entry, entry_of, unknown
from automl.studies.foreign.parameters import placeholder
from automl.studies.foreign.renamed import left_out

_MARK = re.compile(r"\$\{(trialParameters|trialSpec)\.([^{}]+)\}")
_OF_JOBS = "${trialSpec."


@dataclass(frozen=True, slots=True)
class TrialCommand:
    """What a trial runs.

    Attributes:
        words: with placeholders.
        env: variables of the container, with placeholders.
        notes: what has no counterpart.
    """

    words: list[str]
    env: dict[str, str]
    notes: list[str] = field(default_factory=list)


def command_of(spec: Entry, names: Sequence[str]) -> TrialCommand | None:
    """Return the command of an experiment; None where it has none.

    Args:
        spec: the experiment's `spec`.
        names: its parameters.

    Raises:
        SpecError: a placeholder names what is not there.
    """
    if spec.data.get("trialTemplate") is None:
        return None
    template = spec.below("trialTemplate")
    if template.data.get("trialSpec") is None:
        return None
    references = {
        one.text("name"): _reference(one, names) for one in template.entries("trialParameters", [])
    }
    container = _container(template)
    if container is None:
        return None
    given = [*container.listed("command", []), *container.listed("args", [])]
    words = [_filled(container, str(word), references) for word in given]
    image = container.data.get("image")
    notes = [f"the image {image!r}: the command runs on this machine"] if image else []
    env = {}
    for one in container.entries("env", []):
        if one.data.get("value") is None:
            notes.append(
                f"the variable {one.text('name')} has its value elsewhere, and is left out"
            )
            continue
        env[one.text("name")] = _filled(one, str(one.get("value")), references)
    notes += [
        left_out(f"{key} of the container")
        for key in container.data
        if key not in {"name", "image", "command", "args", "env", "imagePullPolicy"}
    ]
    return TrialCommand(words, env, notes) if words else None


def _reference(one: Entry, names: Sequence[str]) -> str:
    """Return the placeholder that a parameter of the template stands for."""
    reference = one.text("reference")
    if reference in names:
        return placeholder(reference)
    if reference.startswith(_OF_JOBS):
        return "{{ study.name }}-{{ trial.id }}"
    return one.fail(unknown("reference", reference, names), "reference")


def _container(template: Entry) -> Entry | None:
    """Return the container that counts, wherever the kind of job has it."""
    found = list(_containers(template.data["trialSpec"], f"{template.place}.trialSpec"))
    primary = template.data.get("primaryContainerName")
    named = [one for one in found if one.data.get("name") == primary]
    return next(iter(named or found), None)


def _containers(data: Any, place: str) -> Iterator[Entry]:  # noqa: ANN401 - plain data
    if isinstance(data, list):
        for number, one in enumerate(data):
            yield from _containers(one, f"{place}[{number}]")
    if not isinstance(data, Mapping):
        return
    for key, value in data.items():
        here = f"{place}.{key}"
        if key == "containers" and isinstance(value, list):
            yield from (entry_of(one, f"{here}[{at}]") for at, one in enumerate(value))
        else:
            yield from _containers(value, here)


def _filled(entry: Entry, text: str, references: Mapping[str, str]) -> str:
    def put(found: re.Match[str]) -> str:
        if found[1] == "trialSpec":
            return "{{ study.name }}-{{ trial.id }}"
        if found[2] not in references:
            entry.fail(unknown("trialParameters", found[2], list(references)))
        return references[found[2]]

    return _MARK.sub(put, text)
