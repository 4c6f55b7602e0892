from dataclasses import dataclass

from simple_parsing import ArgumentParser, choice, field


@dataclass
class Hyper:
    """How to train."""

    lr: float = 1e-3  # the learning rate
    batch_size: int = field(default=32, alias="-b")
    optim: str = choice("sgd", "adam", default="adam")
    amp: bool = False


parser = ArgumentParser()
parser.add_argument("--seed", type=int, default=1)
parser.add_arguments(Hyper, dest="hyper")
args = parser.parse_args()
