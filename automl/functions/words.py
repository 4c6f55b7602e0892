"""Optuna's words for keywords in messages."""

from automl.notebook.kernel import is_notebook
from automl.spelling.script import Script

OPTUNAS = {
    "algorithm": "sampler",
    "max_parallel": "n_jobs",
    "max_runtime": "timeout",
    "max_trial_num": "n_trials",
    "name": "study_name",
}
"""Optuna's words by ours."""


class CallWords(Script):
    """How a script writes that has its study run by one call, such as `tune`."""

    def retry(self, study: str) -> str:
        """Return the command that runs failed trials again."""
        again = "cell" if is_notebook() else "script"
        return f"automl retry {study} --failed, before the {again}"


class FunctionWords(CallWords):
    """How a script writes that calls `create_study` and `optimize`."""

    def name(self, keyword: str) -> str:
        """Return an argument without a value."""
        return super().name(OPTUNAS.get(keyword, keyword))

    def setting(self, keyword: str, value: object) -> str:
        """Return an argument with a value."""
        if keyword == "fresh":
            return "another study_dir="
        return super().setting(OPTUNAS.get(keyword, keyword), value)
