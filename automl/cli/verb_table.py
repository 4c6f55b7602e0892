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
    "doctor": Verb("automl.cli.verbs.doctor", "Show what this machine offers to trials."),
}
"""Each verb by its name."""
