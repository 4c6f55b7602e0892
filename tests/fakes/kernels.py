"""Real kernels of notebooks, for tests that have `jupyter_client` and `ipykernel`."""

import json
import os
import queue
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ENOUGH_S = 100
"""Longer than anything takes here, on a machine that is busy with other things."""


@dataclass
class Ran:
    """What a cell showed.

    Attributes:
        outputs: the type and content of each message, in order.
    """

    outputs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def stream(self, name: str) -> str:
        """Return all that was written to a stream."""
        return "".join(
            str(one["text"])
            for kind, one in self.outputs
            if kind == "stream" and one["name"] == name
        )

    @property
    def shown(self) -> list[tuple[str, str, Mapping[str, str]]]:
        """The type, the name and the data of each display, in order."""
        return [
            (kind, one.get("transient", {}).get("display_id", ""), one["data"])
            for kind, one in self.outputs
            if kind in {"display_data", "update_display_data"}
        ]

    @property
    def result(self) -> str:
        """The text of what stands on the cell's last line."""
        return next(
            str(one["data"]["text/plain"]) for kind, one in self.outputs if kind == "execute_result"
        )

    @property
    def error(self) -> str:
        """The traceback, empty without one."""
        return "".join("\n".join(one["traceback"]) for kind, one in self.outputs if kind == "error")


class Kernel:
    """A kernel that runs cells as an editor has it run them.

    Args:
        folder: its working directory.
        environ: variables besides those of the tests.
    """

    def __init__(self, folder: Path, **environ: str) -> None:
        from jupyter_client.kernelspec import KernelSpec  # noqa: PLC0415 - no test dependency
        from jupyter_client.manager import KernelManager  # noqa: PLC0415

        self._manager = KernelManager()
        self._manager._kernel_spec = KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        )
        variables = {**os.environ, "JPY_SESSION_NAME": "", **environ}
        self._manager.start_kernel(cwd=str(folder), env=variables)
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=ENOUGH_S)

    @property
    def pid(self) -> int:
        """Its process."""
        found = self._manager.provisioner
        assert found is not None
        return int(found.pid)

    def send(self, code: str, cell: str = "") -> str:
        """Have a cell run; return the name of the message."""
        message = self._client.session.msg(
            "execute_request",
            {"code": code, "silent": False, "store_history": True, "stop_on_error": True},
            metadata={"cellId": cell} if cell else {},
        )
        self._client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def run(
        self,
        code: str,
        cell: str = "",
        during: Callable[[str, dict[str, Any]], bool] = lambda *_: True,
    ) -> Ran:
        """Have a cell run to its end.

        Args:
            code: its text.
            cell: what its editor calls it.
            during: is called with each output until it returns True.
        """
        name, ran, waits = self.send(code, cell), Ran(), True
        until = time.monotonic() + ENOUGH_S
        while time.monotonic() < until:
            try:
                message = self._client.get_iopub_msg(timeout=1)
            except queue.Empty:
                if not self._manager.is_alive():
                    raise RuntimeError("the kernel died") from None
                continue
            if message["parent_header"].get("msg_id") != name:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return ran
            if kind not in {"status", "execute_input"}:
                ran.outputs.append((kind, content))
                waits = waits and not during(kind, content)
        raise TimeoutError(f"the cell did not end: {code}\n{json.dumps(ran.outputs)}")

    def interrupt(self) -> None:
        """Do as the button of the editor does."""
        self._manager.interrupt_kernel()

    def ask_to_interrupt(self) -> None:
        """Do as an editor does that has no way to the kernel's process."""
        message = self._client.session.msg("interrupt_request", {})
        self._client.control_channel.send(message)

    def kill(self) -> None:
        """End it at once, as a lack of memory does."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """End it, and all that speaks to it."""
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._manager.cleanup_resources()
        self._client.context.destroy()
