"""A file of one trial, and where it is written."""

import os
from dataclasses import dataclass

from automl.errors import RenderError, SpecError
from automl.journal.folder import Place, TrialFolder
from automl.launch.template_checks import are_apart
from automl.render.context import CHECKPOINT_DIR
from automl.render.footprint import at_home
from automl.render.template import Template, TemplateContext
from automl.study.spec import StudySpec

FOLDER = "files"
"""The folder, in that of a trial, where config files without a place of their own are written."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of one trial.

    Args:
        path: where it is written.
        text: all of it.
        private: only its owner may read it.
    """

    path: str
    text: str
    private: bool


def check_place(spec: StudySpec, template: Template, place: str) -> None:
    """Refuse a file that several trials would share; the template knows all parameters.

    Args:
        spec: the study.
        template: the path of the file.
        place: where in the description it stands.

    Raises:
        SpecError: they would.
    """
    if not (are_apart(spec, template) or CHECKPOINT_DIR in template.placeholders()):
        raise SpecError(
            f"{template.where}: {template.shown} is the same file for several trials, so that one "
            "would read another's values; put {{ trial.id }} or {{ trial.dir }} into it",
            place=place,
        )


def place_of(template: Template, context: TemplateContext) -> str:
    """Return the absolute path of a file of one trial.

    Raises:
        RenderError: it cannot be filled in, or is what automl writes itself.
    """
    told = at_home(template.text, template.render(context))
    path = os.path.normpath(os.path.join(context.cwd, told))  # noqa: PTH118 - hot
    folder, file = os.path.split(path)
    if (folder == context.trial_dir and file in _OWN) or not file:
        raise RenderError(
            f"trial {context.trial_id}: {template.where}: {path} is automl's own; give it another "
            "name"
        )
    return path


_OWN = {
    FOLDER,
    *(
        os.path.basename(str(getattr(TrialFolder(""), name)))  # noqa: PTH119 - a text
        for name, one in vars(TrialFolder).items()
        if isinstance(one, Place) and name not in {"checkpoint", "scratch"}
    ),
}
"""Names in a trial's folder that are automl's own."""
