"""How long `import automl.hpo` takes."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.processes import Settings, environment, in_turn, timed
from benchmarks.rows import Row, row

IMPORT_MS = 150.0
REPEATS = 10
QUICK_REPEATS = 2


def startup(settings: Settings) -> Iterator[Row]:
    """Yield the time of the import, that of an empty interpreter taken off."""
    codes = {"import": "import automl.hpo", "empty": "pass"}
    folder = settings.fresh_folder()
    tools = {name: partial(_python, code, folder) for name, code in codes.items()}
    for tool in tools.values():
        tool()  # compiles what was changed since the last time
    figures = in_turn(QUICK_REPEATS if settings.quick else REPEATS, tools)
    empty_s = sorted(figures["empty"])[len(figures["empty"]) // 2]
    yield row(
        "import automl.hpo",
        [1000 * (wall_s - empty_s) for wall_s in figures["import"]],
        "ms",
        at_most=IMPORT_MS,
        note=f"an empty interpreter: {1000 * empty_s:.0f} ms, taken off",
    )


def _python(code: str, folder: Path) -> float:
    return timed([sys.executable, "-c", code], folder, environment())
