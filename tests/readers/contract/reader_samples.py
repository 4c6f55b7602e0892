"""The kinds of readers, one row each: a description, and the file that a program writes."""

import json
from collections.abc import Sequence

from automl.readers.named.reader import FileReader, StdoutReader
from automl.readers.reported.reader import ReportReader
from automl.study.tasks.reader import LocalReader
from automl.testing import ReaderSample
from automl.testing.reader_samples import Point


def named_lines(points: Sequence[Point]) -> bytes:
    return "".join(f"epoch {step:.0f}: acc: {value}\n" for step, value in points).encode()


def reports(points: Sequence[Point]) -> bytes:
    lines = [{"name": "acc", "value": value, "step": step} for step, value in points]
    return "".join(json.dumps(one) + "\n" for one in lines).encode()


SAMPLES = {
    "local": ReaderSample(
        reader=lambda path: LocalReader(
            location=path,
            parser_pattern=r"epoch (?P<step>\d+): acc: (?P<value>\S+)",
            metric="acc",
        ),
        content=named_lines,
    ),
    "stdout": ReaderSample(
        reader=lambda _: StdoutReader(metric="acc"),
        content=named_lines,
        file_name="stdout.log",
    ),
    "file": ReaderSample(
        reader=lambda path: FileReader(location=path, metric="acc"), content=named_lines
    ),
    "report": ReaderSample(
        reader=lambda _: ReportReader(metric="acc"),
        content=reports,
        file_name="reports.jsonl",
        tells_cuts=True,
    ),
}
