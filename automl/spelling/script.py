"""The spelling of scripts: `fresh=True`, `objective.create(metric='loss')`."""

from collections.abc import Mapping, Sequence

MAKERS = {
    "hyperparams": "hyperparam",
    "task_list": "task",
    "metric_reader": "reader",
    "objectives": "objective",
    "algorithm": "algorithm",
    "pruner": "pruner",
    "budget": "budget",
    "earlystop": "earlystop",
}
"""Keywords that take parts, with the word of the script that makes one."""


class Script:
    """How a script writes."""

    def name(self, keyword: str) -> str:
        """Return a keyword without a value."""
        return f"{keyword}="

    def setting(self, keyword: str, value: object) -> str:
        """Return a keyword with a value."""
        return f"{keyword}={self._value(keyword, value)}"

    def part(self, keyword: str, options: Mapping[str, object]) -> str:
        """Return the call that makes a part."""
        inside = ", ".join(self.setting(name, value) for name, value in options.items())
        return f"{MAKERS[keyword]}.create({inside or '...'})"

    def retry(self, study: str) -> str:
        """Return the call that runs failed trials again."""
        del study
        return "tuner.retry_failed() before fit()"

    def _value(self, keyword: str, value: object) -> str:
        if value is ...:
            return "..."
        if isinstance(value, Mapping) and keyword in MAKERS:
            return self.part(keyword, value)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return f"[{', '.join(self._value(keyword, one) for one in value)}]"
        return repr(value)
