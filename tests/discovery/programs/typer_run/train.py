#!/usr/bin/env python3
from enum import Enum
from pathlib import Path
from typing import Annotated, List, Literal, Optional

import typer


class Optimizer(str, Enum):
    sgd = "sgd"
    adam_w = "adamw"


Rate = Annotated[float, typer.Option("--lr", "-l", min=0.0, max=1.0, help="Learning rate.")]


def main(
    data: Path,
    lr: Rate = 1e-3,
    layers: int = typer.Option(2, min=1, max=8),
    batch_size: Annotated[int, typer.Option()] = 32,
    optimizer: Optimizer = Optimizer.adam_w,
    schedule: Literal["cosine", "none"] = "cosine",
    amp: bool = True,
    force: Annotated[bool, typer.Option("--force", "-f")] = False,
    warmup: Optional[float] = None,
    gamma: float | None = 0.9,
    widths: List[int] = [64, 32],
    epochs: int = typer.Option(..., help="Rounds."),
    note: str = typer.Argument("none"),
):
    print(lr)


if __name__ == "__main__":
    typer.run(main)
