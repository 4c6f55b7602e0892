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
    "init": Verb("automl.cli.verbs.init", "Write a study file for a command: what to tune."),
    "convert": Verb(
        "automl.cli.verbs.convert", "Write the study file that another tool's file becomes."
    ),
    "run": Verb("automl.cli.verbs.run", "Tune a command, or run the study of a file."),
    "check": Verb("automl.cli.verbs.check", "Run one trial and tell if its metric is found."),
    "ls": Verb("automl.cli.verbs.reading.ls", "List studies, those that run first."),
    "show": Verb("automl.cli.verbs.reading.show", "Show how a study stands and what to do next."),
    "watch": Verb("automl.cli.verbs.reading.watch", "Watch a study until it ends."),
    "results": Verb("automl.cli.verbs.reading.results", "Show the trials of a study, best first."),
    "best": Verb("automl.cli.verbs.reading.best", "Show the best trial and its command."),
    "logs": Verb("automl.cli.verbs.reading.logs", "Show what a trial printed."),
    "diff": Verb("automl.cli.verbs.reading.diff", "Show in what two trials differ."),
    "importance": Verb("automl.cli.verbs.reading.importance", "Show which parameters matter."),
    "suggest": Verb("automl.cli.verbs.reading.suggest", "Show what would be tried next."),
    "stop": Verb("automl.cli.verbs.asking.stop", "Stop trials, or all of a running study."),
    "retry": Verb("automl.cli.verbs.asking.retry", "Launch trials that did not complete again."),
    "add": Verb("automl.cli.verbs.asking.add", "Try your own combination, or more trials."),
    "set": Verb("automl.cli.verbs.asking.set", "Change a limit of a running study."),
    "pause": Verb("automl.cli.verbs.asking.pause", "Start nothing more for now."),
    "resume": Verb("automl.cli.verbs.asking.resume", "Start trials again after a pause."),
    "drain": Verb("automl.cli.verbs.asking.drain", "End when what runs has ended."),
    "rerun": Verb("automl.cli.verbs.keeping.rerun", "Run a trial once more, elsewhere."),
    "rm": Verb("automl.cli.verbs.keeping.rm", "Remove a study; it asks before."),
    "export": Verb("automl.cli.verbs.keeping.export", "Write a study as an archive or for Optuna."),
    "doctor": Verb("automl.cli.verbs.doctor", "Show what this machine offers to trials."),
}
"""Each verb by its name."""
