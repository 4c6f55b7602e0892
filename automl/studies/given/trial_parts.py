"""What trials are made of, from what a script made or from a dictionary: parameters and tasks."""

from collections.abc import Mapping
from typing import Any

from automl.launch.tasks.kinds import TASKS
from automl.readers.kinds import READERS
from automl.readers.registry import make_weighted
from automl.readers.remote.reader import check_options
from automl.readers.several.metric_dict import METRIC_DICT
from automl.space.kinds.registry import PARAMETERS
from automl.space.parameters import SpaceItem
from automl.spelling.spelling import spelled_part
from automl.studies.given.kinds import Kind, listed
from automl.studies.given.making import is_a, type_and_options, typed
from automl.studies.given.place import at, below
from automl.study.tasks.config_file import FILE_OPTIONS, ConfigFile, config_file
from automl.study.tasks.reader import check_reader, is_reader
from automl.study.tasks.task import Task


def parameter(value: Any, place: str) -> Any:  # noqa: ANN401 - a parameter
    """Return a parameter; those within a choice are made first, each at its own place."""
    if isinstance(value, Mapping) and isinstance(labels := value.get("options"), Mapping):
        inner = below(place, "options")
        options = {
            label: _items(items, below(inner, str(label))) for label, items in labels.items()
        }
        value = {**value, "options": options}
    return typed(PARAMETERS, is_a(SpaceItem), value, place, spelled_part("hyperparams"))


def _items(items: Any, place: str) -> Any:  # noqa: ANN401 - refused by the choice if it is no list
    if not isinstance(items, list | tuple):
        return items
    return [
        parameter(item, f"{place}[{number}]") if isinstance(item, Mapping) else item
        for number, item in enumerate(items)
    ]


def task(value: Any, place: str) -> Any:  # noqa: ANN401 - a task
    """Return a task; its readers and files are made first, each at its own place."""
    if isinstance(value, Mapping) and "metric_reader" in value:
        inner, readers = below(place, "metric_reader"), value["metric_reader"]
        if isinstance(readers, list | tuple):
            made: Any = [_reader(one, f"{inner}[{number}]") for number, one in enumerate(readers)]
        else:
            made = _reader(readers, inner)
        value = {**value, "metric_reader": made}
    if isinstance(value, Mapping) and isinstance(files := value.get("files"), list | tuple):
        inner = below(place, "files")
        value = {**value, "files": [_file(one, f"{inner}[{n}]") for n, one in enumerate(files)]}
    return typed(TASKS, is_a(Task), value, place, spelled_part("task_list"))


def _reader(value: Any, place: str) -> Any:  # noqa: ANN401 - a reader; else the task refuses it
    if not isinstance(value, Mapping):
        return value
    with at(place):
        check_options(value.get("type"), value)
    if METRIC_DICT in value:
        type_name, options = type_and_options(value, place, spelled_part("metric_reader"))
        with at(place, ["type", *options]):
            return make_weighted(type_name, options)
    made = typed(READERS, is_reader, value, place, spelled_part("metric_reader"))
    with at(place):
        return check_reader(made)


def _file(value: Any, place: str) -> ConfigFile:  # noqa: ANN401 - a dictionary, or refused
    with at(place, FILE_OPTIONS):
        return config_file(value)


PARAMETERS_KIND = listed(
    Kind("a parameter", "SpaceItem", parameter), "a list of parameters", "Sequence[SpaceItem]"
)
TASKS_KIND = listed(Kind("a task", "Task", task), "a list of tasks", "Sequence[Task]")
