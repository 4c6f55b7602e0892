"""Every exception that automl raises on purpose.

    AutomlError                 catch this to catch them all
    +-- SpecError (ValueError)  the study was described wrongly; fix the script, then try again
    +-- RenderError             a template could not be filled in; fix the template
    +-- LaunchError             this trial's command could not be started; the study goes on
    +-- ReadError               a metric file could not be read; the study goes on
    +-- JournalError            the study's folder is unreadable, damaged or not ours to write
    |   +-- StudyBusyError      another controller has the study; end that one, or wait
    |   +-- StorageError        the folder cannot be written now (disk full); make room, go on

A failed trial is not an exception: it is a row of the table.
"""

import errno

_PASSING = frozenset(
    {
        errno.EAGAIN,
        errno.EDQUOT,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ENOSPC,
        errno.EROFS,
        errno.ESTALE,
    }
)


def may_pass(number: int | None) -> bool:
    """Tell whether what the system answered is the state of the machine, which may pass.

    A full or broken disk, too many open files or processes, no memory: no trial is to blame, and
    the same call can work a little later.

    Args:
        number: an `errno`, None where the system was not asked.

    >>> may_pass(errno.ENOSPC), may_pass(errno.EACCES), may_pass(None)
    (True, False, False)
    """
    return number in _PASSING


class AutomlError(Exception):
    """The base of all errors of automl."""


class SpecError(AutomlError, ValueError):
    """The study is described wrongly. Trying again without a change cannot help.

    Attributes:
        place: where in the description it is, such as `hyperparams[2].min_value`; empty where
            that is not known.
    """

    def __init__(self, message: str = "", *, place: str = "") -> None:
        super().__init__(message)
        self.place = place


class RenderError(AutomlError):
    """A template could not be filled in for a trial."""


class LaunchError(AutomlError):
    """A trial's command could not be started. Another trial may still start.

    Attributes:
        errno: what the operating system answered, None where it was not asked.
    """

    errno: int | None = None


class ReadError(AutomlError):
    """A file of a trial exists but could not be read.

    Attributes:
        errno: what the operating system answered, None where it was not asked.
    """

    errno: int | None = None


class JournalError(AutomlError):
    """The study's folder cannot be used as it is."""


class StudyBusyError(JournalError):
    """Another live controller holds the study's lock; it can be tried again once that one ends."""


class StorageError(JournalError):
    """The study's folder cannot be written now; nothing is lost, and it can be tried again."""


_LONGEST = 200


def shown(value: object) -> str:
    """Return a value for a message, cut where it is long.

    >>> shown([1, "a"])
    "[1, 'a']"
    """
    try:
        text = repr(value)
    except (RecursionError, ValueError):
        # Lists too deep in each other, or a number too long to be written.
        text = f"a {type(value).__name__} that is too large to be shown"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
