"""Files and folders that TAB offers."""

import os

import click
from click.shell_completion import CompletionItem


def files(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem[str]]:
    """Offer files and folders."""
    del ctx, param
    return [CompletionItem(begun, type="file")]


def folders(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem[str]]:
    """Offer folders."""
    del ctx, param
    return [CompletionItem(begun, type="dir")]


def paths_like(begun: str, *, folders_only: bool) -> list[str]:
    """Return the paths that begin so, folders with a slash at their ends, in order.

    Args:
        begun: what is typed; `~` stands for the home folder.
        folders_only: whether files are left out.
    """
    head, tail = os.path.split(begun)
    try:
        with os.scandir(os.path.expanduser(head) or os.curdir) as entries:  # noqa: PTH111 - as typed
            found = [(entry.name, entry.is_dir()) for entry in entries]
    except OSError:
        return []
    return sorted(
        os.path.join(head, name) + os.sep * is_folder  # noqa: PTH118 - keeps what is typed
        for name, is_folder in found
        if name.startswith(tail)
        and (is_folder or not folders_only)
        and (tail.startswith(".") or not name.startswith("."))
    )
