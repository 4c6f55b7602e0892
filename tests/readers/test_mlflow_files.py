"""Whatever becomes of a file of MLflow's store of files, no wrong number is read of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from automl.readers.mlflow.follower import MlflowFollower
from automl.readers.mlflow.reader import MlflowReader
from automl.testing import READER_SAMPLE_CHECKS, ReaderSample
from automl.testing.reader_samples import Point, SampleCheck


@dataclass(frozen=True, kw_only=True)
class OneFile:
    """Has one file stand for a metric of the only run of a store."""

    type: ClassVar[str] = "one_file"

    location: str
    metric: str = "acc"

    def follow(self, path: str) -> MlflowFollower:
        root = Path(path).parent / "mlruns"
        (root / "0/run/metrics").mkdir(parents=True, exist_ok=True)
        (root / "0/meta.yaml").touch()
        (root / "0/run/meta.yaml").write_text("start_time: 5\n")
        (root / "0/run/metrics/acc").symlink_to(path)
        return MlflowReader(key="acc").follow(str(root))


def lines(points: Sequence[Point]) -> bytes:
    return b"".join(b"1796074577782 %r %d\n" % (value, step) for step, value in points)


SAMPLE = ReaderSample(
    reader=lambda path: OneFile(location=path), content=lines, tells_cuts=True, text=False
)


@pytest.mark.parametrize("check", READER_SAMPLE_CHECKS, ids=lambda one: one.__name__[6:])
def test_files_of_mlflow_bear_it(check: SampleCheck, tmp_path: Path) -> None:
    check(SAMPLE, tmp_path)
