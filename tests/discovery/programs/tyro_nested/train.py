from __future__ import annotations

import dataclasses
import enum
from pathlib import Path
from typing import Literal

import tyro


class Kind(enum.Enum):
    SMALL = enum.auto()
    LARGE = enum.auto()


@dataclasses.dataclass(frozen=True)
class Optim:
    lr: float = 1e-3  # step size
    betas: tuple[float, float] = (0.9, 0.999)
    nesterov: bool = False


@dataclasses.dataclass
class Config:
    """All of it."""

    out_dir: Path
    optim: Optim = dataclasses.field(default_factory=Optim)
    kind: Kind = Kind.SMALL
    loss: Literal["mse", "l1"] = "mse"
    n_layers: int | None = 4
    """How many layers."""
    compile: bool = True


if __name__ == "__main__":
    config = tyro.cli(Config)
