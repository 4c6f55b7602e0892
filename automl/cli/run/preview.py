"""`--dry-run`: the first trials' commands, and where each metric would be read."""

import os
from collections.abc import Iterator

from automl.readers.csv_files.reader import CsvReader
from automl.readers.json_files.reader import JsonReader
from automl.readers.named.reader import FileReader, StdoutReader
from automl.readers.run.reader import RunReader
from automl.show.lines import params_text
from automl.studies.next_trials.preview import previewed
from automl.studies.prepared import Prepared
from automl.study.tasks.reader import LocalReader, Reader
from automl.study.tasks.remote import is_remote

SHOWN = 3
"""So many trials are shown."""


def preview_lines(study: Prepared) -> Iterator[str]:
    """Give the lines that tell what a study would do."""
    spec = study.spec
    limits = spec.limits
    yield (
        f"study {spec.name}: up to {limits.max_trials} trials, {limits.max_parallel} at a time, in "
        f"{os.path.relpath(study.folder.path)}; nothing was started"
    )
    readers = {one.metric: one for task in spec.tasks for one in task.readers}
    for number, trial in enumerate(previewed(study, SHOWN)):
        learns = "asks for its parameters itself" if spec.space.learnt else ""
        yield f"trial {number}: {params_text(trial.params) or learns}"
        yield f"  {trial.command}"
        for metric, path in trial.metric_paths.items():
            place = path if is_remote(path) else os.path.relpath(path)
            yield f"  {metric}: {_how(readers[metric])} in {place}"
    if spec.seed is None:
        yield "without --seed, random values are drawn anew at the start"


def _how(reader: Reader) -> str:
    if isinstance(reader, LocalReader):
        return f"what {reader.parser_pattern!r} finds"
    if isinstance(reader, RunReader):
        return f"measured ({reader.measure})"
    if isinstance(reader, JsonReader):
        return f"what stands at {reader.key or reader.metric!r}"
    if isinstance(reader, CsvReader):
        return f"column {reader.metric if reader.column == '' else reader.column!r}"
    by_name = isinstance(reader, StdoutReader | FileReader)
    return "found by its name" if by_name else f"read by {reader.type}"
