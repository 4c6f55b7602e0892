"""The kinds of keyword that are lists: of expressions, combinations, names and sources."""

from collections.abc import Mapping

from automl.studies.given.kinds import Kind, instance, listed

RULES = listed(
    instance(str, "a text such as 'n * d <= 200'", "str"),
    "a list of expressions over parameters",
    "Sequence[str]",
)
CONSTRAINTS = listed(
    instance(str, "a text such as 'latency_ms <= 20'", "str"),
    "a list of comparisons of metrics",
    "Sequence[str]",
)
COMBINATIONS = listed(
    instance(Mapping, "a dictionary of values", "Mapping[str, Any]"),
    "a list of dictionaries of values by parameter name",
    "Sequence[Mapping[str, Any]]",
)
VARIABLES = listed(
    instance(str, "the name of a variable", "str"), "a list of names of variables", "Sequence[str]"
)
PATTERNS = listed(
    instance(str, "a text such as '{{ trial.dir }}/model*'", "str"),
    "a list of patterns of files below the trial's folder",
    "Sequence[str]",
)
SOURCES = listed(
    Kind("a source of results", "object", lambda value, _: value),
    "a list of names or folders of studies, CSV files, tuners, studies, DataFrames",
    "Sequence[object]",
)
