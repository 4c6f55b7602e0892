from dataclasses import dataclass, field

from transformers import HfArgumentParser, TrainingArguments


@dataclass
class Extra(TrainingArguments):
    lora_rank: int = field(default=8)


parser = HfArgumentParser([Extra])
(args,) = parser.parse_args_into_dataclasses()
