"""`-o FILE`: a study's file that a verb writes; nothing of the user's is lost by it."""

import os
from pathlib import Path

from automl.errors import SpecError


def check_output(output: str | None, *, force: bool) -> None:
    """Raise SpecError where a file would be lost, or would not be read as what it is.

    Asked before anything is looked at.
    """
    if not output:
        return
    if not output.endswith((".yaml", ".yml")):
        raise SpecError(f"-o: {output} must end with .yaml, as it is written as YAML")
    if os.path.lexists(output) and not force:
        raise SpecError(f"-o: {output} is there already; --force replaces it, or give another name")


def write_output(path: str, text: str, *, force: bool) -> None:
    """Write a file.

    Raises:
        SpecError: it is there already, without `force`, or cannot be written.
    """
    try:
        with Path(path).open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise SpecError(f"{path} is there already; --force replaces it") from None
    except OSError as error:
        raise SpecError(f"-o: {path} cannot be written: {error.strerror}") from error
