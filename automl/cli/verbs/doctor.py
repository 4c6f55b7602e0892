"""`automl doctor`: what this machine offers to trials, and what is missing for more."""

import json
import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

import click

from automl import __version__
from automl.cli.fitted import fitted
from automl.clock import SystemClock
from automl.errors import SpecError
from automl.executors.cgroups.groups import own_group
from automl.executors.machine.gpus import NvmlDriver
from automl.executors.machine.memory import SystemMemory
from automl.executors.machine.resources import usable_cpus
from automl.spelling.spelling import spelled
from automl.study.resources import size_text

_EXTRAS = {
    "gp": ("torch", "the algorithm gp"),
    "gpu": ("nvidia-ml-py", "gpus="),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one thing.

    Attributes:
        what: the thing.
        found: whether trials can have it.
        text: how much there is, or what is missing.
    """

    what: str
    found: bool
    text: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(*, as_json: bool) -> None:
    """Show what this machine offers to trials: CPUs, memory, GPUs, control groups, extras.

    Example: automl doctor
    """
    findings = [finding() for finding in FINDINGS]
    if as_json:
        click.echo(json.dumps({"version": 1, "findings": [asdict(one) for one in findings]}))
        return
    width = max(len(one.what) for one in findings)
    for one in findings:
        head = f"{'yes' if one.found else 'no ':3}  {one.what:{width}}  "
        click.echo(fitted(one.text, sys.stdout, head))


def _versions() -> Finding:
    python = platform.python_version()
    return Finding("automl", True, f"{__version__}, Python {python}, {sys.executable}")  # noqa: FBT003


def _cpus() -> Finding:
    usable, all_of_them = len(usable_cpus()), os.cpu_count() or 1
    return Finding("CPUs", True, f"{usable} of {all_of_them} may be used")  # noqa: FBT003


def _memory() -> Finding:
    memory = SystemMemory(SystemClock())
    free, total = size_text(memory.available_bytes()), size_text(memory.total_bytes)
    return Finding("memory", True, f"{free} of {total} are free")  # noqa: FBT003


def _gpus() -> Finding:
    try:
        devices = NvmlDriver().devices()
    except SpecError as error:
        return Finding("GPUs", False, str(error).removeprefix(f"{spelled('gpus')} "))  # noqa: FBT003
    return Finding("GPUs", bool(devices), ", ".join(map(str, devices)) or "none")


def _groups() -> Finding:
    try:
        group = own_group()
    except OSError:
        group = None
    found = group is not None and os.access(f"{group}/cgroup.procs", os.W_OK)
    missing = "not available; processes of trials are found by other signs, which suffices"
    return Finding("control groups", found, "version 2, may be used" if found else missing)


def _slurm() -> Finding:
    path = shutil.which("sbatch")
    return Finding("Slurm", path is not None, path or "there is no sbatch on PATH")


def _ray() -> Finding:
    return _package("Ray", "ray", "not installed")


def _extra(name: str) -> Finding:
    package, use = _EXTRAS[name]
    missing = f"for {use}; do: pip install 'automl-hpo[{name}]'"
    return _package(f"extra {name}", package, missing)


def _package(what: str, package: str, missing: str) -> Finding:
    try:
        return Finding(what, True, f"{package} {version(package)}")  # noqa: FBT003
    except PackageNotFoundError:
        return Finding(what, False, missing)  # noqa: FBT003


FINDINGS: tuple[Callable[[], Finding], ...] = (
    _versions,
    _cpus,
    _memory,
    _gpus,
    _groups,
    _slurm,
    _ray,
    *((lambda name=name: _extra(name)) for name in _EXTRAS),
)
"""What is looked for, in the order in which it is shown."""
