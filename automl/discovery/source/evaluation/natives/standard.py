"""Functions of the standard library that programs use around their options."""

import copy
import math
import posixpath
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import PurePosixPath

from automl.discovery.source.evaluation.calls import Call, Native
from automl.discovery.source.evaluation.definitions import Function, Instance, Partial
from automl.discovery.source.evaluation.plain.operators import MISTAKES, is_plain
from automl.discovery.source.evaluation.values import UNKNOWN, Automatic, Unknown, Value

_NUMBERS = (math.sqrt, math.log, math.log2, math.log10, math.exp, math.pow, math.floor, math.ceil)
_PATHS = (posixpath.join, posixpath.basename, posixpath.dirname, posixpath.normpath)
_PATHS_KEPT = ("abspath", "realpath", "expanduser", "expandvars")


def _variable(call: Call) -> Value:
    """Return the default of a variable: what it holds on one machine is not the program's."""
    return call.given("default", 1, Unknown(str, origin="os.environ"))


def _on_plain(function: Callable[..., Value], kind: type) -> Callable[[Call], Value]:
    def apply(call: Call) -> Value:
        args = [str(one) if isinstance(one, PurePosixPath) else one for one in call.args]
        if is_plain(args) and call.whole:
            with suppress(*MISTAKES):
                return function(*args)
        return Unknown(kind)

    return apply


def _path(call: Call) -> Value:
    with suppress(*MISTAKES):
        return PurePosixPath(*call.args)  # type: ignore[arg-type]
    return Unknown(str)


def _partial(call: Call) -> Value:
    return Partial(call.args[0], call.args[1:], call.keywords) if call.args else UNKNOWN


def _wraps(call: Call) -> Value:
    wrapped = call.given("wrapped", 0)

    def decorate(inner: Call) -> Value:
        function = inner.args[0] if inner.args else UNKNOWN
        if isinstance(function, Function) and isinstance(wrapped, Function):
            function.wraps = wrapped
            function.marks = wrapped.marks
        return function

    return Native(decorate)


def _same(call: Call) -> Value:
    return call.args[0] if call.args else UNKNOWN


def _copied(call: Call) -> Value:
    value = _same(call)
    if is_plain(value):
        return copy.deepcopy(value)
    return dict(value) if isinstance(value, dict) else value


def _bag(call: Call) -> Value:
    first = call.args[0] if call.args else {}
    known = first if isinstance(first, dict) else {}
    return Instance(
        None, {str(name): value for name, value in (known | dict(call.keywords)).items()}
    )


def _as_dict(call: Call) -> Value:
    value = _same(call)
    return dict(value.attributes) if isinstance(value, Instance) else Unknown(dict)


def _automatic(_call: Call) -> Value:
    return Automatic()


def _of(kind: type) -> Callable[[Call], Value]:
    return lambda _call: Unknown(kind)


STANDARD_FUNCTIONS: Mapping[str, Callable[[Call], Value]] = {
    "os.environ.get": _variable,
    "os.getenv": _variable,
    "os.environ.setdefault": _variable,
    **{f"math.{one.__name__}": _on_plain(one, float) for one in _NUMBERS},
    **{f"os.path.{one.__name__}": _on_plain(one, str) for one in _PATHS},
    **{f"os.path.{name}": _same for name in _PATHS_KEPT},
    "pathlib.Path": _path,
    "pathlib.PurePath": _path,
    "functools.partial": _partial,
    "functools.wraps": _wraps,
    "functools.lru_cache": lambda _call: Native(_same),
    "functools.cache": _same,
    "copy.copy": _copied,
    "copy.deepcopy": _copied,
    "types.SimpleNamespace": _bag,
    "argparse.Namespace": _bag,
    "easydict.EasyDict": _bag,
    "munch.Munch": _bag,
    "dataclasses.asdict": _as_dict,
    "enum.auto": _automatic,
    "typing.NewType": lambda call: call.given("tp", 1, UNKNOWN),
    "time.time": _of(float),
    "time.strftime": _of(str),
    "os.cpu_count": _of(int),
    "os.getcwd": _of(str),
    "multiprocessing.cpu_count": _of(int),
    "random.randint": _of(int),
    "random.random": _of(float),
    "socket.gethostname": _of(str),
    "getpass.getuser": _of(str),
    "torch.cuda.is_available": _of(bool),
    "torch.cuda.device_count": _of(int),
}
"""By dotted name."""
