"""Names that every Python program has, and constants of the standard library."""

import builtins
import math
import os
import sys
from collections.abc import Mapping

from automl.discovery.source.evaluation.values import External, Value

BUILTINS: Mapping[str, Value] = {
    name: External(f"builtins.{name}")
    for name in [*dir(builtins), "unicode", "long", "xrange", "raw_input", "basestring"]
    if not name.startswith("_") or name == "__import__"
}
"""Those of Python 2 too, which some programs try first."""

CONSTANTS: Mapping[str, Value] = {
    "math.pi": math.pi,
    "math.e": math.e,
    "math.inf": math.inf,
    "math.nan": math.nan,
    "numpy.pi": math.pi,
    "numpy.e": math.e,
    "numpy.inf": math.inf,
    "sys.version_info": tuple(sys.version_info),
    "sys.platform": sys.platform,
    "sys.maxsize": sys.maxsize,
    "os.name": os.name,
    "os.sep": os.sep,
    "typing.TYPE_CHECKING": True,
    "builtins.int.__name__": "int",
    "builtins.float.__name__": "float",
    "builtins.str.__name__": "str",
    "builtins.bool.__name__": "bool",
}
