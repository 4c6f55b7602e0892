"""The spelling of command lines: `--fresh`, `--max-trial-num 40`, `--maximize val_acc`."""

import shlex
from collections.abc import Mapping, Sequence

_RANKED = "--maximize or --minimize"
_WITHOUT = {
    "direction": _RANKED,
    "objectives": _RANKED,
    "metric": _RANKED,
    "metric_reader": _RANKED,
    "earlystop": "--set earlystop.threshold=",
    "parser_pattern": "--pattern",
    "location": "--metric-file",
    "decimal": "--set task_list[0].metric_reader.decimal=",
    "log": ":log",
    "step": ":step=",
    "type": "type=",
    "cmd": "the command",
    "task_list": "the command",
}
"""What is written for keywords and options of parts that have no option of their name."""

_PARTS = {
    "hyperparams": "-p NAME=RANGE",
    "task_list": "a command after --",
    "metric_reader": "--maximize NAME or --minimize NAME",
    "objectives": "--maximize NAME or --minimize NAME",
    "budget": "--budget NAME=LOW..HIGH",
}
_JOINED = {"gpus", "on_end", "env", "start_with"}
"""Keywords of which one option has several values, or a name with its value."""

_PLACES = {"--pattern": "REGEX", "--metric-file": "FILE", _RANKED: "NAME"}


class CommandLine:
    """How a command line writes."""

    def name(self, keyword: str) -> str:
        """Return the option of a keyword."""
        return _WITHOUT.get(keyword) or _option(keyword) or f"--set {keyword}="

    def setting(self, keyword: str, value: object) -> str:
        """Return the option of a keyword with its value."""
        option = self.name(keyword)
        if isinstance(value, bool):
            return option if value else f"--no-{option.lstrip('-:')}"
        if isinstance(value, Mapping) and keyword not in _JOINED:
            return self.part(keyword, value)
        if keyword == "cmd" and isinstance(value, Sequence) and not isinstance(value, str):
            return f"-- {' '.join('...' if one is ... else shlex.quote(one) for one in value)}"
        if isinstance(value, Sequence) and not isinstance(value, str) and keyword not in _JOINED:
            return " ".join(self.setting(keyword, one) for one in value)
        given = _place(keyword, option) if value is ... else shlex.quote(_joined(value))
        return f"{option}{given}" if option.endswith("=") else f"{option} {given}"

    def part(self, keyword: str, options: Mapping[str, object]) -> str:
        """Return the option that gives a part."""
        given = {name: value for name, value in options.items() if value is not ...}
        if keyword == "hyperparams" and given.get("type") == "Flag":
            name = str(given.get("name", "NAME"))
            return f"-p {'--' if given.get('on') == f'--{name}' else ''}{name}=flag"
        if keyword == "budget" and given:
            return f"--budget {given['name']}={given['min']}..{given['max']}"
        if keyword in {"objectives", "metric_reader"} and "metric" in given:
            metric, direction = shlex.quote(str(given["metric"])), given.get("direction")
            return f"--{direction} {metric}" if direction else f"{_RANKED} {metric}"
        if "type" in given:
            return f"{self.name(keyword)} {given['type']}"
        return _PARTS.get(keyword) or f"{self.name(keyword)} TYPE"

    def retry(self, study: str) -> str:
        """Return the command that runs failed trials again."""
        return f"automl retry {shlex.quote(study)} --failed, then this command"


def _joined(value: object) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}={one}" for name, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return shlex.join(value) if isinstance(value[0], str) else ",".join(map(_joined, value))
    return str(value)


def _option(keyword: str) -> str:
    from automl.studies.keywords import BY_NAME  # noqa: PLC0415 - most commands say nothing of it

    spellings = BY_NAME[keyword].spellings if keyword in BY_NAME else ()
    return spellings[-1] if spellings else ""


def _place(keyword: str, option: str) -> str:
    """Return what stands for a value that is the user's to choose."""
    from automl.cli.run.keyword_options import metavar  # noqa: PLC0415 - as above
    from automl.studies.keywords import BY_NAME  # noqa: PLC0415 - as above

    if keyword in BY_NAME and BY_NAME[keyword].spellings:
        return metavar(BY_NAME[keyword])
    return _PLACES.get(option, "VALUE")
