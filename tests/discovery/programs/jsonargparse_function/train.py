from typing import Literal, Optional

from jsonargparse import CLI


def train(
    data: str,
    lr: float = 1e-3,
    layers: int = 2,
    optim: Literal["sgd", "adam"] = "adam",
    amp: bool = False,
    clip: Optional[float] = None,
):
    """Train.

    Args:
        lr: the learning rate.
    """


if __name__ == "__main__":
    CLI(train)
