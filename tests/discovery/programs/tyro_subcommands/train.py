import dataclasses
from typing import Annotated, Union

import tyro


@dataclasses.dataclass
class TrainFast:
    steps: int = 10


@dataclasses.dataclass
class Evaluate:
    top_k: int = 5


def run(mode: Union[TrainFast, Evaluate]) -> None:
    ...


if __name__ == "__main__":
    tyro.cli(Union[TrainFast, Evaluate])
