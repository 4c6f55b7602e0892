"""A draft as the text of a study file."""

from collections.abc import Iterator

from automl.discovery.option import How
from automl.render.config import yaml_line
from automl.studies.draft.draft import AT_ONCE, TRIALS, Draft
from automl.studies.draft.text.command import budget_lines, task_lines
from automl.studies.draft.text.comments import comment, line_of
from automl.studies.draft.text.metric import metric_lines
from automl.studies.draft.text.parameters import parameter_lines


def draft_text(draft: Draft) -> str:
    """Return the text of a study file, which `automl run` takes as it is once all is chosen."""
    lines = [
        *_head(draft),
        *_limits(draft),
        *parameter_lines(draft),
        *budget_lines(draft),
        *metric_lines(draft),
        *task_lines(draft),
    ]
    return "\n".join(lines) + "\n"


def _head(draft: Draft) -> Iterator[str]:
    yield from comment(f"A study of: {line_of(draft.words)}")
    yield from comment(_how(draft))
    for doubt in draft.found.doubts:
        yield from comment(f"Not known: {doubt}")
    yield f"#   automl check {draft.file}   runs one trial, and shows whether its metric is found"
    yield f"#   automl run {draft.file}     runs all; once more, it goes on where it stopped"
    yield ""


def _how(draft: Draft) -> str:
    """Return by what means the options were found, and how many."""
    found = draft.found
    by = f" ({found.library})" if found.library else ""
    how = {
        How.SOURCE: f"Its options were read from its source{by}, which was not run",
        How.HELP: "Its options are what it tells for --help",
        How.CONFIG: "Its values were read from a config file",
        How.TYPED: "Its options are those of the command itself, as nothing else tells of any",
    }[found.how]
    if not draft.judged:
        return "automl init found no options of its program"
    count = len(draft.judged)
    return f"{how}. {len(draft.tuned)} of {count} are searched. Change here what you know better"


def _limits(draft: Draft) -> Iterator[str]:
    if draft.name:
        yield f"name: {yaml_line(draft.name)}"
    if draft.cwd:
        yield f"cwd: {yaml_line(draft.cwd)}"
    yield f"max_trial_num: {TRIALS}  # so many trials"
    yield f"max_parallel: {AT_ONCE}  # so many at once"
    yield ""
