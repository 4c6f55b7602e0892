"""Options that bring a space of another tool, and the words by which LibCity says how it is run."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from automl.cli.completion.paths import files
from automl.errors import SpecError
from automl.studies.foreign.entry import unknown
from automl.studies.keywords import BY_NAME

_ALGORITHMS = {"HyperOpt": "tpe", "BasicSearch": "random", "BayesOptSearch": "tpe"}
_PRUNERS = {"ASHA": "asha", "MedianStopping": "median", "MedianStoppingRule": "median"}
_NONE = "FIFO"

_TOLD = {
    "HyperOpt": "HyperOpt's search is a tree of Parzen estimators",
    "BasicSearch": "BasicSearch draws at random",
    "BayesOptSearch": "its Gaussian process is --algorithm gp here, which needs torch",
    "ASHA": "trials are stopped at the rungs of ASHA",
    "MedianStopping": "trials are stopped that are worse than the median of the others",
}


def foreign_keywords(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what was typed in LibCity's words as keywords of a study, and what is told of it.

    Args:
        values: the options, as click read them.

    Raises:
        SpecError: a word is unknown, or the same is said in our own words as well.
    """
    keywords: dict[str, Any] = {}
    notes: list[str] = []
    for name, (keyword, read) in _WORDS.items():
        given = values.get(name)
        if given is None:
            continue
        option = f"--{name.replace('_', '-')}"
        if values.get(keyword) is not None:
            raise SpecError(
                f"{option} and {'/'.join(BY_NAME[keyword].spellings)} say the same; give one"
            )
        found = read(option, given)
        if keyword in {"algorithm", "pruner"}:
            notes.append(_told(option, given, keyword, found))
        keywords[keyword] = found
    return keywords, notes


def libcity_command(values: Mapping[str, Any]) -> list[str]:
    """Return the command that LibCity's words `--task`, `--model` and `--dataset` stand for.

    That is the program which trains once: the one that LibCity has for tuning is not needed.
    """
    given = [(name, values.get(f"libcity_{name}")) for name in _OF_LIBCITY]
    words = [word for name, value in given if value is not None for word in (f"--{name}", value)]
    return ["python", "run_model.py", *words] if words else []


def _told(option: str, given: str, keyword: str, found: Any) -> str:  # noqa: ANN401 - a type, or none
    if found is None:
        return f"{option} {given}: every trial runs to its end"
    why = next(text for word, text in _TOLD.items() if given.casefold().startswith(word.casefold()))
    return f"{option} {given} becomes --{keyword} {found}: {why}"


def _algorithm(option: str, given: str) -> str:
    return _ALGORITHMS[_word(option, given, list(_ALGORITHMS))]


def _pruner(option: str, given: str) -> str | None:
    word = _word(option, given, [*_PRUNERS, _NONE])
    return _PRUNERS.get(word)


def _word(option: str, given: str, known: list[str]) -> str:
    folded = {one.casefold(): one for one in known}
    if given.casefold() not in folded:
        raise SpecError(unknown(option, given, known))
    return folded[given.casefold()]


def _count(option: str, given: int) -> int:
    if given < 1:
        raise SpecError(f"{option} must be at least 1, got {given}")
    return given


_WORDS: dict[str, tuple[str, Callable[[str, Any], Any]]] = {
    "search_alg": ("algorithm", _algorithm),
    "scheduler": ("pruner", _pruner),
    "num_samples": ("max_trial_num", _count),
    "max_concurrent": ("max_parallel", _count),
}
"""Each word of LibCity with the keyword of a study that it becomes."""

_OF_LIBCITY = ("task", "model", "dataset")

FOREIGN: list[click.Parameter] = [
    click.Option(
        ["--space-file"],
        metavar="FILE",
        shell_complete=files,
        help="The space of another tool: LibCity, Ray, NNI, EasyRec, W&B, Katib, Optuna, Hydra, "
        "Orion. The command follows --, if FILE has none.",
    ),
    click.Option(
        ["--from", "space_kind"], metavar="KIND", help="Whose space it is, if that is in doubt."
    ),
    click.Option(
        ["--scheduler"], metavar="WORD", help="LibCity's word: ASHA, MedianStopping or FIFO."
    ),
    click.Option(
        ["--search-alg"],
        metavar="WORD",
        help="LibCity's word: HyperOpt, BasicSearch or BayesOptSearch.",
    ),
    click.Option(["--num-samples"], type=int, metavar="N", help="LibCity's word for -n."),
    click.Option(["--max-concurrent"], type=int, metavar="N", help="LibCity's word for -j."),
    *(
        click.Option(
            [f"--{name}", f"libcity_{name}"],
            metavar="NAME",
            help="LibCity's word: the command is python run_model.py with these.",
        )
        for name in _OF_LIBCITY
    ),
]
"""The options."""
