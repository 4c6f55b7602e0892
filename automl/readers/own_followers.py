"""What follows the readers that need more than the path of their file."""

import os
from collections.abc import Callable, Mapping, Sequence

from automl.inside.files import REPORTS
from automl.readers.follower import Follower
from automl.readers.functions.reader import FunctionReader
from automl.readers.local_file import LocalFollower
from automl.readers.mlflow.reader import MlflowReader
from automl.readers.named.reader import STREAMS, StdoutReader
from automl.readers.patterns.launched import Launched
from automl.readers.remote.reader import HdfsReader, OssReader
from automl.readers.reported.before_printed import ReportedBeforePrinted
from automl.readers.reported.follower import ReportFollower
from automl.readers.reported.reader import ReportReader
from automl.study.objective import Objectives, maximized
from automl.study.tasks.reader import LocalReader


def _local(
    reader: LocalReader,
    path: str,
    outputs: Sequence[str],
    objectives: Objectives | None,
    _: Launched,
) -> Follower:
    maximize = maximized(objectives, reader.metric) if objectives else None
    return LocalFollower(reader, path, outputs, maximize=maximize)


def _reported(
    reader: ReportReader | StdoutReader,
    path: str,
    outputs: Sequence[str],
    objectives: Objectives | None,
    _: Launched,
) -> ReportFollower:
    ranks = objectives is None or [one.metric for one in objectives.items] == [reader.metric]
    return ReportFollower(reader.metric, path, outputs, unnamed=ranks)


def _printed(
    reader: StdoutReader,
    path: str,
    outputs: Sequence[str],
    objectives: Objectives | None,
    launched: Launched,
) -> Follower:
    follower: Follower = reader.follow(path)
    if reader.stream != STREAMS[0]:
        return follower
    beside = f"{os.path.dirname(path)}/{REPORTS}"  # noqa: PTH120 - a text
    reported = _reported(reader, beside, outputs, objectives, launched)
    return ReportedBeforePrinted(follower, reported)


def _launched(
    reader: MlflowReader | FunctionReader,
    path: str,
    _: Sequence[str],
    __: Objectives | None,
    launched: Launched,
) -> Follower:
    return reader.follow(path, launched)


OWN_FOLLOWERS: Mapping[str, Callable[..., Follower]] = {
    LocalReader.type: _local,
    OssReader.type: _local,
    HdfsReader.type: _local,
    ReportReader.type: _reported,
    StdoutReader.type: _printed,
    MlflowReader.type: _launched,
    FunctionReader.type: _launched,
}
"""By the type of the reader; each takes what `follow` takes."""
