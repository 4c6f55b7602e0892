"""What a user of a notebook does where others press Ctrl-C, or type a command again."""

from automl.notebook.kernel import is_notebook


def interrupt_word() -> str:
    """Return what stops a study: `Ctrl-C`, but in a notebook."""
    return "an interrupt" if is_notebook() else "Ctrl-C"


def command_word() -> str:
    """Return what is started again to go on with a study: the `command`, but in a notebook."""
    return "cell" if is_notebook() else "command"
