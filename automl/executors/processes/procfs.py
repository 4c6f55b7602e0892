"""Whether `/proc` tells of the processes that this process can see and signal."""

import os
import sys
from pathlib import Path

from automl.errors import LaunchError, may_pass
from automl.executors.processes.identity import boot_id


def check_proc(root: str = "/") -> None:
    """Do nothing if `/proc` is that of the pid namespace of this process.

    With that of another namespace a pid would mean two processes: one that is looked at, and
    another that gets the signal.

    Args:
        root: where `proc` is; another folder in tests.

    Raises:
        LaunchError: it is missing, or of another namespace.
        OSError: it cannot be looked at now.
    """
    boot_id()  # Kept from now on, as later no file may be left to be opened.
    if sys.platform != "linux":
        return
    own = os.getpid()
    try:
        told = os.readlink(f"{root}/proc/self")  # noqa: PTH115 - it need not exist
        status = Path(root, "proc/self/status").read_text()
    except FileNotFoundError:
        found = "there is no /proc"
    except OSError as error:
        if may_pass(error.errno):
            raise
        found = f"/proc/self cannot be read: {error.strerror}"
    else:
        # As many pids as there are namespaces from that of the mount down to ours.
        line = next((line for line in status.splitlines() if line.startswith("NSpid:")), "")
        if told == str(own) and len(line.split()) <= 2:  # noqa: PLR2004 - the name and one pid
            return
        found = f"/proc is that of another pid namespace: this process is {own}, there {told}"
    raise LaunchError(
        "no trial can be started, as its processes could not be told from others\n"
        f"  found: {found}\n"
        "  do:    mount the /proc of this namespace (mount -t proc proc /proc, or\n"
        "         unshare with --mount-proc), or do not unshare pids"
    )
