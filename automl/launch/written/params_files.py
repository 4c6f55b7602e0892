"""The files of a trial's values, for programs that take one."""

from collections.abc import Collection

from automl.launch.trial_values import as_json
from automl.launch.written.written_file import WrittenFile
from automl.render.config import yaml_text
from automl.render.context import PARAMS_FILE, PARAMS_YAML, TemplateContext, getter
from automl.space.space import SearchSpace


class ParamsFiles:
    """Writes the files of a trial's values for which templates ask.

    Args:
        used: the placeholders that templates use.
        space: the parameters.
    """

    def __init__(self, used: Collection[str], space: SearchSpace) -> None:
        self._yaml = PARAMS_YAML in used
        # What a trial of a learnt space is proposed is written with its folder alone.
        self._json = PARAMS_FILE in used and not space.learnt

    def filled(self, context: TemplateContext) -> list[WrittenFile]:
        """Return those of one trial."""
        found = []
        if self._json:
            found.append((PARAMS_FILE, f"{as_json(context.params)}\n"))
        if self._yaml:
            found.append((PARAMS_YAML, yaml_text(context.params)))
        return [
            WrittenFile(str(getter(name)(context)), text, private=False) for name, text in found
        ]
