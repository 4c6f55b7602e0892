from typing import Literal

from tap import Tap


class Args(Tap):
    data: str  # folder of the data
    lr: float = 0.1
    optim: Literal["sgd", "adam"] = "sgd"
    amp: bool = False
    shuffle: bool = True


args = Args().parse_args()
