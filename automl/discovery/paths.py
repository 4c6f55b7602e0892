"""Options that take a file or folder, told by what they are called."""

import re
from collections.abc import Sequence

from automl.discovery.option import Missing, Plain

_LAST_WORDS = {"path", "paths", "dir", "dirs", "directory", "file", "files", "filename", "folder"}
_LAST_WORDS |= {"root", "dataroot", "datadir", "outdir", "logdir", "workdir", "data", "dataset"}
_LAST_WORDS |= {"output", "out", "outfile", "input", "infile", "ckpt", "checkpoint", "checkpoints"}
_LAST_WORDS |= {"config", "cfg", "logfile", "weights", "corpus", "csv"}
_WORD = re.compile(r"[A-Za-z][a-z]*|[A-Z]+|\d+")
_AT_END = re.compile(r"\b(path|folder|directory)( to [\w ]+)?\.?$", re.IGNORECASE)
_OF_HELP = re.compile(r"^(the )?(path|folder|directory|file(name)?|location)\b", re.IGNORECASE)


def takes_path(names: Sequence[str], default: "Plain | Missing", help_text: str) -> bool:
    """Tell whether an option that takes a text takes the name of a file or folder.

    >>> [takes_path([name], None, "") for name in ("--data-dir", "--data", "--data-name")]
    [True, True, False]
    """
    if _OF_HELP.match(help_text) or _AT_END.search(help_text):
        return True
    if isinstance(default, str) and ("/" in default and " " not in default):
        return True
    words = [_WORD.findall(name) for name in names]
    return any(found and found[-1].lower() in _LAST_WORDS for found in words)
