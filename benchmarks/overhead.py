"""Measure what automl costs beside plain process starters, in one run on one machine."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.empty_command import empty
from benchmarks.example import example
from benchmarks.growing_file import growing
from benchmarks.machine import this_machine
from benchmarks.others import Others
from benchmarks.processes import Settings
from benchmarks.rows import Row, Unavailable
from benchmarks.slots import slots
from benchmarks.startup import startup
from benchmarks.stops import stops
from benchmarks.table import json_text, markdown_table, number_text, text_table
from benchmarks.waiting import waiting

MEASURES: dict[str, Callable[[Settings], Iterator[Row]]] = {
    "startup": startup,
    "empty": empty,
    "slots": slots,
    "waiting": waiting,
    "stops": stops,
    "growing": growing,
    "example": example,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and write the files asked for."""
    options = _options(arguments)
    machine = this_machine(quick=options.quick)
    with tempfile.TemporaryDirectory(prefix="automl-benchmark-") as scratch:
        settings = Settings(scratch=Path(scratch), quick=options.quick, long=options.long)
        rows = [found for name in options.only for found in _measured(name, settings)]
    print((markdown_table if options.markdown else text_table)(machine, rows))
    if options.json:
        options.json.write_text(json_text(machine, rows), encoding="utf-8")


def _measured(name: str, settings: Settings) -> list[Row]:
    """Return the rows of one measure, and tell each as soon as it is known."""
    print(f"measuring: {name}", file=sys.stderr, flush=True)
    rows = []
    others = Others()
    try:
        for found in MEASURES[name](settings):
            rows.append(found)
            told = f"{found.what}: {number_text(found.measured, found.unit)} {found.verdict}"
            print(told, file=sys.stderr, flush=True)
    except Unavailable as reason:
        rows.append(Row(what=name, measured=None, unit="", note=f"not measured: {reason}"))
    else:
        what = f"{name}: CPU that others used meanwhile"
        note = "of all cores; where it is high, walls tell little"
        rows.append(Row(what=what, measured=others.percent(), unit="%", note=note))
    return rows


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overhead", description=__doc__)
    parser.add_argument(
        "--only",
        type=_names,
        default=list(MEASURES),
        metavar="NAME,...",
        help=f"measure these alone: {', '.join(MEASURES)}",
    )
    parser.add_argument("--quick", action="store_true", help="small counts, to see that it works")
    parser.add_argument("--long", action="store_true", help="also 100,000 trials")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there too")
    parser.add_argument("--markdown", action="store_true", help="print it for docs/benchmarks.md")
    return parser.parse_args(arguments)


def _names(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in MEASURES:
            raise argparse.ArgumentTypeError(
                f"unknown measure {name!r}; known: {', '.join(MEASURES)}"
            )
    return names


if __name__ == "__main__":
    main()
