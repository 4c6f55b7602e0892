"""Optuna's words for keywords in messages."""

from automl.spelling.script import Script

_WORDS = {
    "algorithm": "sampler",
    "max_parallel": "n_jobs",
    "max_runtime": "timeout",
    "max_trial_num": "n_trials",
    "name": "study_name",
}


class FunctionWords(Script):
    """How a script writes that calls `create_study` and `optimize`."""

    def name(self, keyword: str) -> str:
        """Return an argument without a value."""
        return super().name(_WORDS.get(keyword, keyword))

    def setting(self, keyword: str, value: object) -> str:
        """Return an argument with a value."""
        if keyword == "fresh":
            return "another study_dir="
        return super().setting(_WORDS.get(keyword, keyword), value)

    def retry(self, study: str) -> str:
        """Return the command that runs failed trials again."""
        return f"automl retry {study} --failed, before the script"
