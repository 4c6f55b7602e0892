from dataclasses import dataclass, field
from enum import Enum


class Pooling(Enum):
    MEAN = "mean"
    CLS = "cls"


@dataclass
class Base:
    dropout: float = 0.1


@dataclass
class ModelArguments(Base):
    model_name: str = field(metadata={"help": "Path of the model."})
    pooling: Pooling = Pooling.MEAN
    rank: int = field(default=8, metadata={"help": "The rank."})
