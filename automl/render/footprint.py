"""Which files a location names: in one trial, and over all trials of a study."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from automl.render import syntax
from automl.render.context import STUDY_DIR, TemplateContext
from automl.render.names.odd_names import with_names
from automl.render.template import Template
from automl.study.tasks.location import is_pattern
from automl.study.tasks.remote import is_remote

STUDY_NAME = "study.name"

_ANY = "\0"
_OWN_FOLDER = re.compile(r"\{\{\s*trial\.(?:dir|checkpoint_dir|scratch|file\.\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Footprint:
    """The files that a location names over all trials.

    Attributes:
        folder: the longest leading folder that is the same for all trials, links resolved; for a
            URL, the folder of the study's folder.
        rest: what follows it, with a NUL for everything that may differ between trials.
    """

    folder: str
    rest: str

    def __str__(self) -> str:
        """Return it as a path with `*` for what differs between trials."""
        if is_remote(self.rest):
            return re.sub(f"{_ANY}+", "*", self.rest)
        return os.path.join(self.folder, re.sub(f"{_ANY}+", "*", self.rest))  # noqa: PTH118


def footprint(
    location: str, *, cwd: str, study_name: str, study_dir: str, parameters: Sequence[str] = ()
) -> Footprint:
    """Return which files a location names in a study.

    Two locations of equal footprint may name the same file. What differs between trials counts as
    anything: `{{ trial.id }}`, `<<trial.id>>` and `{{ '%03d' % trial.id }}` are alike, as trial 100
    has one name by all of them. Of the study, its name and folder are filled in.

    Args:
        location: the template.
        cwd: absolute path that the location is relative to.
        study_name: the study's name.
        study_dir: absolute path of the study's folder.
        parameters: the names of all parameters.
    """
    study = TemplateContext(0, {}, "", 0, study_name, study_dir)
    text = at_home(location, "".join(_texts(location, study, parameters)))
    if is_remote(location):
        return Footprint(os.path.realpath(os.path.split(study_dir)[0]), text)
    if is_pattern(location):
        text = re.sub(r"[*?]+", _ANY, text)
    path = os.path.join(cwd, text)  # noqa: PTH118 - no Path with a NUL
    fixed, differs, rest = path.partition(_ANY)
    if not differs:
        return Footprint(*os.path.split(os.path.realpath(path)))
    folder, begun = os.path.split(fixed)
    rest = re.sub(r"/(\.?/)+", "/", begun + differs + rest)
    return Footprint(os.path.realpath(folder), re.sub(f"{_ANY}+", _ANY, rest))


def _texts(location: str, study: TemplateContext, parameters: Sequence[str]) -> list[str]:
    """Return the parts of a location, each as it is in every trial, or as a NUL."""
    texts: list[str] = []
    for piece in with_names(syntax.split(location), parameters):
        if piece.is_text:
            texts.append(piece.text)
            continue
        if _OWN_FOLDER.fullmatch(piece.text):
            texts.append(f"{study.study_dir}/trials/{_ANY}")
            continue
        if _is_statement(piece.text):
            # What follows may be chosen by it, so it is all one.
            whole = Template(location, where="location")
            whole.know(parameters)
            return [*texts, _ANY, *_of_study(whole, study)]
        part = Template(piece.text, where="location")
        if part.placeholders() <= {STUDY_NAME, STUDY_DIR}:
            texts.append(part.render(study))
        else:
            texts += [_ANY, *_of_study(part, study)]
    return texts


def _is_statement(text: str) -> bool:
    return text.startswith("{%") and not re.match(r"\{%[-+]?\s*raw\b", text)


def _of_study(part: Template, study: TemplateContext) -> list[str]:
    """Return what of the study tells a text that is not known apart from those of others."""
    known = {STUDY_NAME: study.study_name, STUDY_DIR: study.study_dir}
    used = part.placeholders()
    return [
        f"{_ANY}{value.replace('/', '|')}{_ANY}" for name, value in known.items() if name in used
    ]


def at_home(written: str, path: str) -> str:
    """Return a path with the folder of a user for `~` or `~name`, where its template begins so.

    What a parameter's value begins with is left as it is, as a command gets it.

    >>> at_home("{{ trial.param.x }}/log", "~x/log")
    '~x/log'
    """
    return os.path.expanduser(path) if written.startswith("~") else path  # noqa: PTH111 - hot
