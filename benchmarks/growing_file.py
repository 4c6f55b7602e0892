"""Reading a large metric file while it grows."""

import json
from collections.abc import Iterator

from benchmarks.processes import Settings, environment, study, timed
from benchmarks.rows import Row, row

SIZE_MB, QUICK_SIZE_MB = 1024, 50
READ_RATIO = 1.01
LATER_GROWTH_MB = 2.0


def growing(settings: Settings) -> Iterator[Row]:
    """Yield what it takes to read a file of a gigabyte as it grows."""
    size_mb = QUICK_SIZE_MB if settings.quick else SIZE_MB
    folder = settings.fresh_folder()
    timed(study("follow.py", folder / "metric.log", size_mb), folder, environment())
    told = json.loads((folder / "output.log").read_text(encoding="utf-8"))
    size = f"a metric file growing to {size_mb:,} MB"
    if told["bytes_read"]:
        yield row(
            f"{size}: bytes read by its size",
            [told["bytes_read"] / told["size"]],
            "x",
            at_most=READ_RATIO,
            note="read once, from an offset",
        )
    yield row(
        f"{size}: memory after the first 16 MB",
        [told["later_growth_mb"]],
        "MB",
        at_most=LATER_GROWTH_MB,
        note=f"growth of the peak; {told['growth_mb']:.1f} MB from the beginning",
    )
    yield row(f"{size}: speed", [told["size"] / (1 << 20) / told["seconds"]], "MB/s")
