"""Where trials can run, by the names that `mode=` takes."""

from automl.executors.site import Site
from automl.registry import Registry


def _local() -> Site:
    from automl.executors.local.site import local_site  # noqa: PLC0415 - 20 ms that a table saves

    return local_site()


MODES: Registry[Site] = Registry("mode", {"local": _local}, group="automl.executors")
"""The sites of automl and of installed packages, which register them as entry points."""
