"""The kinds of readers, those of installed packages too."""

from automl.readers.csv_files.reader import CsvReader
from automl.readers.event_files.reader import TensorboardReader
from automl.readers.functions.reader import FunctionReader
from automl.readers.json_files.reader import JsonReader
from automl.readers.named.reader import FileReader, StdoutReader
from automl.readers.remote.reader import HdfsReader, OssReader
from automl.readers.reported.reader import ReportReader
from automl.readers.run.reader import RunReader
from automl.readers.whole.kinds import READ_WHOLE
from automl.registry import Registry
from automl.study.tasks.reader import LocalReader, Reader

READERS: Registry[Reader] = Registry(
    "reader",
    {
        LocalReader.type: LocalReader,
        StdoutReader.type: StdoutReader,
        FileReader.type: FileReader,
        ReportReader.type: ReportReader,
        JsonReader.type: JsonReader,
        RunReader.type: RunReader,
        CsvReader.type: CsvReader,
        TensorboardReader.type: TensorboardReader,
        **READ_WHOLE,
        FunctionReader.type: FunctionReader,
        OssReader.type: OssReader,
        HdfsReader.type: HdfsReader,
    },
    group="automl.readers",
)
"""By the name that a user gives as `type`.

An installed package adds a kind by an entry point of the group `automl.readers`: its name is the
type, and its value the dataclass that describes such a reader. That has `type`, `location` and
`metric`, and a method `follow(path)` that returns a `Follower` of the file that `location` became.
"""
