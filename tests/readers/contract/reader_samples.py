"""The kinds of readers, one row each: a description, and the file that a program writes."""

import gzip
import io
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing

import numpy as np
from event_writer import event_file
from mlflow_stores import in_database

from automl.readers.arrays.reader import NpzReader
from automl.readers.csv_files.reader import CsvReader
from automl.readers.databases.reader import SqliteReader
from automl.readers.event_files.reader import TensorboardReader
from automl.readers.functions.reader import FunctionReader
from automl.readers.json_files.reader import JsonReader
from automl.readers.mlflow.reader import MlflowReader
from automl.readers.named.reader import FileReader, StdoutReader
from automl.readers.remote.reader import HdfsReader, OssReader
from automl.readers.reported.reader import ReportReader
from automl.readers.run.reader import RunReader
from automl.study.tasks.reader import LocalReader
from automl.testing import ReaderSample
from automl.testing.reader_samples import Point

STEP_AND_VALUE = r"epoch (?P<step>\d+): acc: (?P<value>\S+)"


def named_lines(points: Sequence[Point]) -> bytes:
    return "".join(f"epoch {step:.0f}: acc: {value}\n" for step, value in points).encode()


def with_commas(points: Sequence[Point]) -> bytes:
    lines = (f"epoch {step:.0f}: acc: {value}\n".replace(".", ",") for step, value in points)
    return "".join(lines).encode()


def packed_lines(points: Sequence[Point]) -> bytes:
    """Return lines of which each was packed by itself, as programs do that write for long."""
    return b"".join(gzip.compress(named_lines([one]), mtime=0) for one in points)


def reports(points: Sequence[Point]) -> bytes:
    lines = [{"name": "acc", "value": value, "step": step} for step, value in points]
    return "".join(json.dumps(one) + "\n" for one in lines).encode()


def json_lines(points: Sequence[Point]) -> bytes:
    lines = [{"epoch": step, "val": {"acc": value}} for step, value in points]
    return "".join(json.dumps(one) + "\n" for one in lines).encode()


def json_one_behind_another(points: Sequence[Point]) -> bytes:
    both = [{"epoch": step, "val": {"acc": value}} for step, value in points]
    return "".join(json.dumps(one, indent=2) for one in both).encode()


def json_history(points: Sequence[Point]) -> bytes:
    history = {"acc": [value for _, value in points], "epoch": [step for step, _ in points]}
    return json.dumps({"history": history, "acc": 7}, indent=1).encode()


def json_records(points: Sequence[Point]) -> bytes:
    both = [
        {"split": split, "epoch": step, "acc": value if split == "val" else -value}
        for step, value in points
        for split in ("train", "val")
    ]
    return ("[" + ",\n".join(map(json.dumps, both)) + "]").encode()


def csv_rows(points: Sequence[Point]) -> bytes:
    rows = [f'{step:.0f},"a ""note"", and\nmore",{value},end' for step, value in points]
    return "\n".join(["epoch,note,acc,more", *rows, ""]).encode()


def columns_between_blanks(points: Sequence[Point]) -> bytes:
    return b"".join(b"%6d   %s\n" % (step, str(value).encode()) for step, value in points)


def arrays(points: Sequence[Point]) -> bytes:
    file = io.BytesIO()
    steps, values = [one for one, _ in points], [one for _, one in points]
    np.savez(file, acc=np.array(values), epoch=np.array(steps, dtype=np.int32))
    return file.getvalue()


def database(points: Sequence[Point]) -> bytes:
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute("CREATE TABLE log (epoch INTEGER, acc REAL)")
        made.executemany("INSERT INTO log VALUES (?, ?)", points)
        made.commit()
        return made.serialize()


def mlflow_database(points: Sequence[Point]) -> bytes:
    with closing(sqlite3.connect(":memory:")) as made:
        in_database(made, "a", {"val/acc": points})
        return made.serialize()


def step_and_number(points: Sequence[Point]) -> bytes:
    return b"".join(b"%d %r\n" % point for point in points)


SAMPLES = {
    "arrays": ReaderSample(
        reader=lambda path: NpzReader(location=path, array="acc", step="epoch"),
        content=arrays,
        tells_cuts=True,
        checked=True,
        text=False,
    ),
    "event files": ReaderSample(
        reader=lambda path: TensorboardReader(location=path, tag="acc"),
        content=lambda points: event_file("acc", points),
        file_name="events.out.tfevents.1",
        tells_cuts=True,
        checked=True,
        text=False,
    ),
    "database": ReaderSample(
        reader=lambda path: SqliteReader(
            location=path,
            query="SELECT acc, epoch AS step FROM log ORDER BY epoch",
            metric="acc",
        ),
        content=database,
        tells_cuts=True,
        text=False,
    ),
    "database of MLflow": ReaderSample(
        reader=lambda path: MlflowReader(location=path, key="val/acc", metric="acc"),
        content=mlflow_database,
        tells_cuts=True,
        text=False,
    ),
    "function": ReaderSample(
        reader=lambda path: FunctionReader(function="find.py:find", location=path, metric="acc"),
        content=step_and_number,
        tells_cuts=True,
        text=False,
    ),
    "local": ReaderSample(
        reader=lambda path: LocalReader(
            location=path,
            parser_pattern=STEP_AND_VALUE,
            metric="acc",
        ),
        content=named_lines,
    ),
    "object of OSS": ReaderSample(
        reader=lambda _: OssReader(
            location="oss://bucket/log", parser_pattern=STEP_AND_VALUE, metric="acc"
        ),
        content=named_lines,
    ),
    "file of HDFS": ReaderSample(
        reader=lambda _: HdfsReader(
            location="hdfs://namenode/log", parser_pattern=STEP_AND_VALUE, metric="acc"
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
    "stdout by a pattern": ReaderSample(
        reader=lambda _: StdoutReader(metric="acc", parser_pattern=STEP_AND_VALUE),
        content=named_lines,
        file_name="stdout.log",
    ),
    "file with decimal commas": ReaderSample(
        reader=lambda path: FileReader(location=path, metric="acc", decimal=","),
        content=with_commas,
    ),
    "file packed by gzip": ReaderSample(
        reader=lambda path: FileReader(location=path, metric="acc"),
        content=packed_lines,
        text=False,
    ),
    "file in UTF-16 without a mark": ReaderSample(
        reader=lambda path: FileReader(location=path, metric="acc"),
        content=lambda points: named_lines(points).decode().encode("utf-16-le"),
        text=False,
    ),
    "run": ReaderSample(
        reader=lambda _: RunReader(measure="wall_seconds", metric="acc"),
        content=reports,
        file_name="run.jsonl",
        tells_cuts=True,
    ),
    "report": ReaderSample(
        reader=lambda _: ReportReader(metric="acc"),
        content=reports,
        file_name="reports.jsonl",
        tells_cuts=True,
    ),
    "json lines": ReaderSample(
        reader=lambda path: JsonReader(location=path, key="val.acc", metric="acc", step="epoch"),
        content=json_lines,
        tells_cuts=True,
    ),
    "json one behind another": ReaderSample(
        reader=lambda path: JsonReader(location=path, key="val.acc", metric="acc", step="epoch"),
        content=json_one_behind_another,
        tells_cuts=True,
    ),
    "json history": ReaderSample(
        reader=lambda path: JsonReader(
            location=path, key="history.acc", metric="acc", step="history.epoch"
        ),
        content=json_history,
        tells_cuts=True,
    ),
    "json records": ReaderSample(
        reader=lambda path: JsonReader(
            location=path, key="[split=val].acc", metric="acc", step="[*].epoch"
        ),
        content=json_records,
        tells_cuts=True,
    ),
    "csv": ReaderSample(
        reader=lambda path: CsvReader(location=path, column="acc", metric="acc", step="epoch"),
        content=csv_rows,
        tells_cuts=True,
    ),
    "columns between blanks": ReaderSample(
        reader=lambda path: CsvReader(location=path, column=1, metric="acc", step=0),
        content=columns_between_blanks,
    ),
    "newest of a pattern": ReaderSample(
        reader=lambda _: JsonReader(location="*", key="val.acc", metric="acc", step="epoch"),
        content=json_lines,
        tells_cuts=True,
    ),
    "all of a pattern": ReaderSample(
        reader=lambda _: CsvReader(
            location="*", column="acc", metric="acc", step="epoch", which="all"
        ),
        content=csv_rows,
        tells_cuts=True,
    ),
}
