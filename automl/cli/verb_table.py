"""The verbs of the command `automl`, in the order of its help; none is imported for that."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb.

    Attributes:
        module: has the verb's `command`; imported once the verb is asked for.
        help: what it does, in a few words.
    """

    module: str
    help: str


VERBS = {
    "ls": Verb("automl.cli.verbs.reading.ls", "List studies, those that run first."),
    "show": Verb("automl.cli.verbs.reading.show", "Show how a study stands and what to do next."),
    "results": Verb("automl.cli.verbs.reading.results", "Show the trials of a study, best first."),
    "best": Verb("automl.cli.verbs.reading.best", "Show the best trial and its command."),
    "logs": Verb("automl.cli.verbs.reading.logs", "Show what a trial printed."),
    "doctor": Verb("automl.cli.verbs.doctor", "Show what this machine offers to trials."),
}
"""Each verb by its name."""
