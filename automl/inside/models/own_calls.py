"""The calls of `tune` that the running script makes itself: by which name trials come to them."""

import sys
from collections.abc import Mapping

from automl.inside.calling.importing import call_named

_made: dict[str, int] = {}
"""How often the script has called `tune` so far, with a function of each name."""


def call_of_script(build_model: object, caller: Mapping[str, object]) -> str:
    """Return the name of a call that is made just now; empty where a module makes it.

    Args:
        build_model: what `tune` is called with.
        caller: the global names of the code that calls it.
    """
    if caller is not vars(sys.modules.get("__main__", sys)):
        return ""
    name = call_named("tune", build_model, 1)
    _made[name] = _made.get(name, 0) + 1
    return call_named("tune", build_model, _made[name])
