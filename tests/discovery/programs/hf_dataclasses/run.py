import sys
from dataclasses import dataclass, field
from typing import List, Literal, Optional

from transformers import HfArgumentParser

from arguments import ModelArguments


@dataclass
class TrainArguments:
    learning_rate: float = field(default=5e-5, metadata={"help": "The initial learning rate."})
    num_epochs: int = 3
    warmup_ratio: Optional[float] = None
    scheduler: Literal["linear", "cosine"] = "linear"
    fp16: bool = False
    shuffle: bool = True
    targets: List[str] = field(default_factory=lambda: ["q", "v"])


def main():
    parser = HfArgumentParser((ModelArguments, TrainArguments))
    if len(sys.argv) == 2 and sys.argv[1].endswith(".json"):
        model_args, train_args = parser.parse_json_file(json_file=sys.argv[1])
    else:
        model_args, train_args = parser.parse_args_into_dataclasses()


if __name__ == "__main__":
    main()
