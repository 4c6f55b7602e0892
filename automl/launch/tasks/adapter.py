"""The file of a task that hands a trial's values to programs."""

import json

from automl.launch.tasks.filled import Filled
from automl.launch.tasks.kind import TaskKind
from automl.launch.written.written_file import WrittenFile, place_of
from automl.render.context import CHECKPOINT_ID, OVERRIDES, TemplateContext
from automl.render.template import Template
from automl.render.typed import TypedTemplate
from automl.study.tasks.adapter import LocalAdapterTask


class LocalAdapterTemplates:
    """The file of a task, filled in for one trial.

    Args:
        task: the task.
        where: what messages call it.

    Attributes:
        templates: what names its placeholders, and stands for what is in each file.
        places: those of its paths, which must tell trials apart.
        takes: what programs are given by it besides.
    """

    takes = frozenset({CHECKPOINT_ID})

    def __init__(self, task: LocalAdapterTask, where: str) -> None:
        self._path = Template(task.param_file, where=f"{where}: param_file")
        self._custom = TypedTemplate(dict(task.custom), where=f"{where}: custom")
        everything = Template(f"{{{{ {OVERRIDES} }}}}", where=f"{where}: param")
        self.places = [self._path]
        self.templates = [self._path, *self._custom.templates, everything]

    def filled(self, context: TemplateContext) -> Filled:
        """Return the file of one trial."""
        content = {
            "id": context.trial_id,
            "experiment": context.study_name,
            "run": context.run,
            "param": dict(context.params),
            "checkpoint_id": context.checkpoint_id,
            "custom": self._custom.value(context),
        }
        path = place_of(self._path, context)
        text = f"{json.dumps(content, ensure_ascii=False)}\n"
        return Filled(files=(WrittenFile(path, text, private=False),))


LOCAL_ADAPTER_TASK = TaskKind(LocalAdapterTask, LocalAdapterTemplates)
