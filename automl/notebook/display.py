"""What a cell of a notebook shows, and replaces in place."""

from collections.abc import Mapping
from contextlib import suppress

from automl.notebook.kernel import shell


def publish(data: Mapping[str, str], display_id: str, *, again: bool) -> None:
    """Show something in the cell that runs; an editor that takes nothing is no reason to fail.

    Args:
        data: the same thing by its kind, as `text/plain` and `text/html`.
        display_id: its name, by which it is replaced.
        again: whether it replaces what has this name, in whichever cell that is.
    """
    found = shell()
    with suppress(Exception):
        found.display_pub.publish(
            data=dict(data), metadata={}, transient={"display_id": display_id}, update=again
        )
