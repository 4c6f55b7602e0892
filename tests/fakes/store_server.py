"""A store with the protocol of S3 on this machine, and a proxy that breaks connections to it."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

_SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
SECRET = "verysecretvalue"  # noqa: S105 - of a server on loopback
KEY = "AKIATESTKEY"
BUCKET = "bucket"
PATIENT_S = 90.0


@dataclass
class Server:
    """A running store.

    Attributes:
        port: where it listens.
        client: writes and reads objects, past any proxy.
    """

    port: int
    client: Any

    def put(self, key: str, content: str | bytes) -> None:
        body = content.encode() if isinstance(content, str) else content
        self.client.put_object(Bucket=BUCKET, Key=key, Body=body)

    def environ(self, port: int | None = None) -> dict[str, str]:
        """Return what the environment says of it, or of a proxy before it."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port or self.port}",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@contextmanager
def store_server() -> Iterator[Server]:
    """Run a store with one bucket."""
    import boto3  # noqa: PLC0415 - only where there is one

    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        port = int(process.stdout.readline())
        client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )
        client.create_bucket(Bucket=BUCKET)
        yield Server(port, client)
        client.close()
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


@dataclass
class Proxy:
    """Passes connections on to a server, or breaks them.

    Attributes:
        to_port: the server's.
        mode: `pass`, `drop` (closes at once), `stall` (takes all, and gives nothing) or
            `truncate` (gives the beginning of each answer).
        upto: how many bytes of an answer are given by `truncate`.
        connections: how many were made.
        port: where it listens.
    """

    to_port: int
    mode: str = "pass"
    upto: int = 400
    connections: int = 0
    port: int = 0
    _open: list[socket.socket] = field(default_factory=list)

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(near)
            if self.mode == "drop":
                near.close()
            elif self.mode != "stall":
                threading.Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def break_all(self) -> None:
        """Close all connections that there are."""
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _pass_on(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.to_port))
        except OSError:
            near.close()
            return
        self._open.append(far)
        threading.Thread(target=_copy, args=(near, far, None), daemon=True).start()
        _copy(far, near, self.upto if self.mode == "truncate" else None)


def _copy(source: socket.socket, target: socket.socket, upto: int | None) -> None:
    left = upto
    with contextlib.suppress(OSError):
        while (data := source.recv(65536)) and (left is None or left > 0):
            target.sendall(data if left is None else data[:left])
            left = None if left is None else left - len(data)
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy_before(server: Server, mode: str = "pass") -> Iterator[Proxy]:
    """Run a proxy before a server."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        proxy = Proxy(server.port, mode, port=listening.getsockname()[1])
        thread = threading.Thread(target=proxy.serve, args=(listening,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(10)
            proxy.break_all()


def until(fact: Any, *, within_s: float = PATIENT_S) -> Any:
    """Return what a fact gives, once it is true."""
    deadline = time.monotonic() + within_s
    while not (found := fact()):
        assert time.monotonic() < deadline, "it did not become true"
        time.sleep(0.05)
    return found


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of this process with more in it."""
    return {**os.environ, **more}
