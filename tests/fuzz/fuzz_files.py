"""Coverage-guided fuzzing of everything that automl reads from files that others may damage.

    pip install atheris
    python tests/fuzz/fuzz_files.py TARGET -max_total_time=3600

where TARGET is reader, json, csv, mlflow_files, mlflow_database, event_file, journal or control.

It runs until a rule is broken or the time is up; the input that broke it is kept as `crash-*` in
the current directory. The tests with hypothesis check the same rules in the normal suite.
"""

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["automl"]):
    from automl.errors import AutomlError, ReadError
    from automl.journal.control import append_request, read_requests
    from automl.journal.fold import fold
    from automl.journal.folder import StudyFolder
    from automl.journal.journal import Journal, load
    from automl.journal.lock import StudyLock
    from automl.journal.requests import Drain
    from automl.readers.csv_files.parser import Columns, CsvParser
    from automl.readers.databases import opened
    from automl.readers.event_files.follower import EventFollower
    from automl.readers.follow import MetricFollower
    from automl.readers.follower import Follower
    from automl.readers.json_files.parser import JsonParser, JsonPaths
    from automl.readers.mlflow.reader import MlflowReader
    from automl.readers.records.parser import RecordParser

sys.path.insert(0, str(Path(__file__).parents[1] / "fakes"))
from mlflow_stores import in_database

FOLDER = Path(tempfile.mkdtemp(prefix="automl-fuzz-"))
with closing(sqlite3.connect(":memory:")) as _made:
    in_database(_made, "run", {"acc": [(step, step / 8) for step in range(20)]})
    DATABASE = _made.serialize()
EVENTS = (Path(__file__).parents[1] / "journal" / "assets" / "v1.jsonl").read_bytes()


def reader(data: bytes) -> None:
    """A file read while it grows in two steps gives the same numbers as one read at once."""
    cut, content = (data[0], data[1:]) if data else (0, b"")
    whole, growing = FOLDER / "whole.log", FOLDER / "growing.log"
    whole.write_bytes(content)
    growing.unlink(missing_ok=True)
    follower = MetricFollower(growing, r"([-+.\w]+)")
    values: list[float] = []
    with growing.open("ab", buffering=0) as file:
        file.write(content[:cut])
        values += _read(follower, ended=False)
        file.write(content[cut:])
    values += _read(follower, ended=True)
    at_once = _read(MetricFollower(whole, r"([-+.\w]+)"), ended=True)
    if list(map(repr, values)) != list(map(repr, at_once)):
        raise AssertionError(f"in steps {values}, at once {at_once}")
    follower.problem()


def _read(follower: MetricFollower, *, ended: bool) -> list[float]:
    values: list[float] = []
    more = True
    while more:
        batch = follower.read(ended=ended, limit_bytes=7)
        values += batch.values
        more = batch.more
    return values


def json_records(data: bytes) -> None:
    """Documents of JSON that come in two pieces give the same numbers as at once."""
    _check_pieces(data, lambda: JsonParser(JsonPaths(key="a", path=("a",))))


def csv_records(data: bytes) -> None:
    """Rows of a table that come in two pieces give the same numbers as at once."""
    _check_pieces(data, lambda: CsvParser(Columns(column="a", step="b")))


def _check_pieces(data: bytes, make: Callable[[], RecordParser]) -> None:
    cut, text = (data[0], data[1:].decode(errors="replace")) if data else (0, "")
    growing, whole = make(), make()
    found = [*growing.feed(text[:cut], final=False, more=False)]
    found += growing.feed(text[cut:], final=True, more=False)
    at_once = [*whole.feed(text, final=True, more=False)]
    # How much of a line is shown depends on how much of it was there.
    told, wanted = ([(one.value, one.step, one.line) for one in each] for each in (found, at_once))
    if repr(told) != repr(wanted):
        raise AssertionError(f"in pieces {told}, at once {wanted}")
    whole.silence("x")


def mlflow_files(data: bytes) -> None:
    """A store of files with any metric, tag and description gives the same in steps as at once."""
    metric, tag, meta = [*data.split(b"\xff", 2), b"", b""][:3]
    run = FOLDER / "mlruns" / "0" / "run"
    (run / "metrics").mkdir(parents=True, exist_ok=True)
    (run / "tags").mkdir(exist_ok=True)
    (run.parent / "meta.yaml").touch()
    (run / "meta.yaml").write_bytes(b"start_time: 5\n" + meta)
    (run / "tags" / "automl.trial").write_bytes(tag)
    store = str(FOLDER / "mlruns")
    _check_steps(run / "metrics" / "a", metric, lambda: MlflowReader(key="a").follow(store))


def mlflow_database(data: bytes) -> None:
    """A damaged database gives the same in steps as at once, or is refused."""
    at = int.from_bytes(data[:2], "big") % len(DATABASE)
    changed = DATABASE[:at] + data[2:] + DATABASE[at + len(data[2:]) :]
    path = FOLDER / "mlflow.db"
    opened.WHOLE_S = 0.0
    _check_steps(path, changed, lambda: MlflowReader(key="acc").follow(str(path)))


def event_file(data: bytes) -> None:
    """An event file of any bytes gives the same in steps as at once."""
    path = FOLDER / "events"
    _check_steps(path, data, lambda: EventFollower("a", "a*", str(path)))


def _check_steps(path: Path, content: bytes, make: Callable[[], Follower]) -> None:
    path.write_bytes(content[: len(content) // 2])
    growing = make()
    found = _numbers(growing, [], ended=False)
    path.write_bytes(content)
    found = _numbers(growing, found, ended=True)
    at_once = _numbers(make(), [], ended=True)
    if repr(found) != repr(at_once):
        raise AssertionError(f"in steps {found}, at once {at_once}")
    growing.problem()


def _numbers(follower: Follower, found: list[float], *, ended: bool) -> list[float]:
    more = True
    while more:
        try:
            look = follower.read(ended=ended, limit_bytes=1 << 20)
        except ReadError:
            return found
        for points in look.measurements.values():
            found = [*([] if points.restarted else found), *points.values]
        more = look.more
    return found


def journal(data: bytes) -> None:
    """A damaged journal is read or refused, and what was read can be written on."""
    study = StudyFolder(FOLDER.parent, FOLDER.name)
    path = study.journal
    # The first two bytes say where a good journal is cut, the rest is what follows there.
    cut = int.from_bytes(data[:2], "big") % (len(EVENTS) + 1)
    path.write_bytes(EVENTS[:cut] + data[2:])
    try:
        events, end = load(path)
        fold(events)
    except AutomlError:
        return
    lock = StudyLock(study)
    Journal(lock, end).close()
    lock.release()
    again, _ = load(path)
    # By text, as a NaN equals nothing.
    if repr(again) != repr(events):
        raise AssertionError("reading again after cutting gives something else")


def control(data: bytes) -> None:
    """No line stops the reading, and a request behind any bytes is found."""
    path = FOLDER / "control.jsonl"
    path.write_bytes(data)
    append_request(path, Drain())
    found, offset = [], 0
    while items := read_requests(path, offset):
        found += [item.request or item.problem for item, _ in items]
        offset = items[-1][1]
    if not found or found[-1] != Drain():
        raise AssertionError(f"the last request was lost: {found!r}")
    json.dumps([str(item) for item in found])


TARGETS: dict[str, Callable[[bytes], None]] = {
    "reader": reader,
    "json": json_records,
    "csv": csv_records,
    "mlflow_files": mlflow_files,
    "mlflow_database": mlflow_database,
    "event_file": event_file,
    "journal": journal,
    "control": control,
}


def main() -> None:
    """Run the target that the first argument names; the rest is libFuzzer's."""
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
