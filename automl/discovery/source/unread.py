"""What to say of a program in whose source no parser was found, and settings that it overrides."""

import ast
import re
from collections.abc import Sequence

from automl.discovery.option import Kind, Option
from automl.discovery.source.evaluation.definitions import Module
from automl.discovery.source.evaluation.plain.operators import is_plain
from automl.discovery.source.libraries.kinds import Taken, plain_of, taken_by_value, with_taken

_FRAMEWORKS = {
    "hydra": "hydra, from its config files",
    "omegaconf": "omegaconf, from its config files",
    "sacred": "sacred",
    "gin": "gin, from its config files",
    "ml_collections": "ml_collections",
    "plac": "plac",
    "cyclopts": "cyclopts",
    "clize": "clize",
    "defopt": "defopt",
    "argh": "argh",
    "luigi": "luigi",
}
_MOST_BYTES = 100_000


def doubts_about(module: Module, *, whole: bool) -> list[str]:
    """Return why no options were found in a program's source; nothing if it seems to have none."""
    if module.tree is None:
        return []
    name = module.path.name
    if not whole:
        return [f"{name} was too long to be read to its end, and no options were found until then"]
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)) and (told := _framework(node)):
            return [f"{name}:{node.lineno} takes its options by {told}, which was not read"]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.argv":
            why = "reads its words itself (sys.argv), so its options were not read"
            return [f"{name}:{node.lineno} {why}"]
    return [f"no options were found in {name}"]


def _framework(node: ast.Import | ast.ImportFrom) -> str:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]
    tops = [(name or "").partition(".")[0] for name in names]
    return next((_FRAMEWORKS[top] for top in tops if top in _FRAMEWORKS), "")


def overridden_names(module: Module) -> list[Option]:
    """Return the settings of a program that lets a second file override its global names.

    Such a program does `exec(open("configurator.py").read())` behind its settings, and that file
    sets what `--name=value` says.
    """
    for at, node in enumerate(module.tree.body if module.tree else ()):
        called = re.search(r"exec\(open\((['\"])([\w./-]+)\1\)", _line(module, node))
        if called and _overrides(module, called[2]):
            return _settings(module, module.tree.body[:at] if module.tree else ())
    return []


def _line(module: Module, node: ast.stmt) -> str:
    return module.lines[node.lineno - 1] if node.lineno <= len(module.lines) else ""


def _overrides(module: Module, name: str) -> bool:
    try:
        with (module.path.parent / name).open("rb") as opened:
            text = opened.read(_MOST_BYTES)
    except OSError:
        return False
    return b"sys.argv" in text and b"globals()" in text


def _settings(module: Module, body: Sequence[ast.stmt]) -> list[Option]:
    found: dict[str, Option] = {}
    for node in body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name = node.targets[0].id
        value = module.scope.names.get(name)
        if name.startswith("_") or not is_plain(value) or not isinstance(value, (int, float, str)):
            continue
        place = f"{module.path.name}:{node.lineno}"
        option = Option((f"--{name}",), Kind.UNKNOWN, plain_of(value), joined=True, place=place)
        words = Taken(Kind.CHOICE, ("True", "False"))
        found[name] = with_taken(
            option, words if isinstance(value, bool) else taken_by_value(value)
        )
    return list(found.values())
