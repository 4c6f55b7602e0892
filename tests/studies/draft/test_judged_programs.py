"""What becomes of each option of whole programs, as a person would have it.

Where automl chooses otherwise than that, `OTHERWISE` says so, and `docs/init.md` tells it.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from told_judgement import told

from automl.discovery.help_text.parsed import parse_help
from automl.discovery.option import Option
from automl.discovery.source.reading import options_in_source
from automl.studies.draft.judging.judge import judge

DISCOVERY = Path(__file__).parents[2] / "discovery"
DOCS = Path(__file__).parents[3] / "docs" / "init.md"

READ = {
    "argparse_plain": """
        data: left: a path
        --lr: 3e-05..0.03 log
        --weight-decay: 3e-06..0.003 log
        --dropout: 0.0..0.5
        --hidden: of 32,64,128,256,512
        --layers: of 1,2,3,4
        --optimizer: of sgd,adam
        --angle: 0.2..20.0 log
        --amp: flag
        --nesterov: flag
        --no-shuffle: flag
        --bias: of true,false
        --widths: left: takes several words
        --tag: left: a name
        -v: left: what is printed
        --fast: flag
        --epochs: length
        --warm: left: no default tells how large it is
        --seed: left: a seed
    """,
    "argparse_parts": """
        --batch-size: of 8,16,32,64,128
        --device: left: about this machine
        --lr: 0.0007..0.6 log
        --sgd-momentum: 0.5..0.99
        --width: 20..400 log
        --depth: 1..6
        --loss-alpha: 0.02..20.0 log
        --loss-beta: 0.0..0.99
        --use-mixup: flag
        --use-cutmix: flag
        --heads: 1..8
        --blocks: 1..12
        --fast: flag
        --steps: length
        --patience: left: ends a trial early
        --workers: left: how many work at once
        --out: left: a path
        --schedule: of cosine,step
    """,
    "argparse_classes": """
        --dataroot: left: a path
        --ngf: of 16,32,64,128,256
        --norm: of instance,batch,none
        --lr: 7e-06..0.006 log
        --beta1: 0.0..0.99
        --gan_mode: of vanilla,lsgan
    """,
    "argparse_from_data": """
        --lr: 1e-05..0.009 log
        --layers: 1..4
        --name: left: a name
        --debug: left: what is printed
        --steps: length
        --noise: left: any text: give it choices
        --learn_sigma: of true,false
        --image_size: of 16,32,64,128,256
        --eta: left: 0 does not tell how large it may be
    """,
    "click_command": """
        data: left: a path
        --lr: 0.0003..0.3 log
        --momentum: 0.5..0.99
        --layers: 1..12
        --width: of 16,32,64,128,256
        --optimizer: of sgd,adam
        --amp: flag
        --verbose: left: what is printed
        --flip: of true,false
        --size: left: takes several words
        --tag: left: a name
        --epochs: length
        --device: left: about this machine
        --seed: left: a seed
    """,
    "typer_run": """
        data: left: a path
        --lr: 3e-05..0.03 log
        --layers: 1..8
        --batch-size: of 8,16,32,64,128
        --optimizer: of sgd,adamw
        --schedule: of cosine,none
        --amp: flag
        --force: left: says what the program is to do
        --warmup: left: no default tells how large it is
        --gamma: 0.5..0.99
        --widths: left: takes several words
        --epochs: length
        note: left: a name
    """,
    "hf_dataclasses": """
        --dropout: 0.0..0.5
        --model_name: left: a path
        --pooling: of mean,cls
        --rank: 1..16
        --learning_rate: 2e-06..0.002 log
        --num_epochs: length
        --warmup_ratio: left: no default tells how large it is
        --scheduler: of linear,cosine
        --fp16: left: about this machine
        --shuffle: flag
        --targets: left: takes several words
    """,
    "tyro_nested": """
        --out-dir: left: a path
        --optim.lr: 3e-05..0.03 log
        --optim.betas: left: takes several words
        --optim.nesterov: flag
        --kind: of SMALL,LARGE
        --loss: of mse,l1
        --n-layers: 1..8
        --compile: left: about this machine
    """,
    "simple_parsing_args": """
        --seed: left: a seed
        --lr: 3e-05..0.03 log
        --batch_size: of 8,16,32,64,128
        --optim: of sgd,adam
        --amp: flag
    """,
    "absl_flags": """
        --lr: 0.003..1.0 log
        --depth: 1..12
        --width: of 16,32,64,128,256
        --optim: of sgd,adam
        --amp: flag
        --augment: flag
        --data: left: a path
        --layers: left: any text: give it choices
        --sizes: left: takes several words
    """,
    "fire_function": """
        --data: left: a path
        --lr: 3e-05..0.03 log
        --layers: 1..4
        --optimizer: left: any text: give it choices
        --amp: flag
        --augment: flag
        --momentum: 0.5..0.99
    """,
    "chz_entrypoint": """
        steps: length
        width: of 16,32,64,128,256
        amp: of True,False
        optim.lr: 3e-05..0.03 log
        optim.kind: left: any text: give it choices
    """,
    "lightning_cli": """
        --model.lr: 3e-05..0.03 log
        --model.hidden: of 16,32,64,128,256
        --model.act: of relu,gelu
        --data.root: left: a path
        --data.batch_size: of 8,16,32,64,128
        --data.shuffle: of true,false
    """,
    "globals_overridden": """
        --out_dir: left: a path
        --batch_size: 3..50 log
        --learning_rate: 2e-05..0.02 log
        --compile: left: about this machine
        --bias: of True,False
    """,
}
ASKED = {
    "clap": """
        --lr: 0.0003..0.3 log
        --opt: of adam,sgd
        --epochs: length
        --nesterov: flag
        DATA: left: changes what the metric is measured on
        OUT: left: a path
    """,
    "go_flag": """
        -lr: 0.0003..0.3 log
        -opt: of adam,sgd
        -v: left: what is printed
        -workers: left: how many work at once
        -wait: left: any text: give it choices
    """,
    "r_optparse": """
        --lr: 0.0003..0.3 log
        --ntree: 100..2000 log
        --scale: flag
    """,
    "gnu_argp": """
        --epochs: length
        --lr: 0.003..1.0 log
        --color: left: what is printed
        --quiet: left: what is printed
        FILE: left: a path
    """,
    "libsvm": """
        -s: of 0,1
        -d: 1..6
        -g: left: any text: give it choices
        -c: 0.03..30.0 log
        -e: 3e-05..0.03 log
        -h: of 0,1
        -v: left: changes what the metric is measured on
        -q: left: what is printed
        training_set_file: left: a path
        model_file: left: a path
    """,
    "fasttext": """
        -input: left: a path
        -output: left: a path
        -verbose: left: what is printed
        -lr: 0.003..1.0 log
        -dim: 20..400 log
        -loss: of ns,hs,softmax,one-vs-all
        -saveOutput: left: a path
        supervised: left: not in the command
    """,
    "word2vec": """
        -train: left: a path
        -size: 20..400 log
        -alpha: 0.0008..0.8 log
        -hs: left: 0 does not tell how large it may be
    """,
    "java_picocli": """
        --lr: 0.0003..0.3 log
        --opt: of ADAM,SGD
        --amp: flag
    """,
    "shell_usage": """
        --lr: 0.003..1.0 log
        --epochs: length
        --depth: 1..10
        -d: left: what is printed
    """,
    "c_usage": """
        --lr: 0.002..1.0 log
        --hidden: of 4,8,16,32,64
        --act: of tanh,relu
        --epochs: length
    """,
}

OTHERWISE = {
    "argparse_plain": "`--angle` from 0 to pi",
    "argparse_parts": "`--loss-beta` as a weight, not as a share",
    "argparse_from_data": "`--noise` with choices",
    "absl_flags": "`--layers` with choices",
    "fire_function": "`--optimizer` with choices",
    "hf_dataclasses": "`--warmup_ratio` from 0 to 0.2",
    "chz_entrypoint": "`optim.kind` with choices",
    "libsvm": "`-g` by orders of magnitude",
    "word2vec": "`-hs` as a switch",
}
"""What a person would do otherwise."""


def lines(options: Iterable[Option]) -> list[str]:
    return [f"{one.names[0]}: {told(judge(one))}" for one in options]


def wanted(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("name", READ)
def test_options_that_are_read_in_a_source_are_judged_as_by_a_person(name: str) -> None:
    folder = DISCOVERY / "programs" / name
    main = next(one for one in ("train.py", "run.py", "main.py") if (folder / one).exists())
    found = options_in_source(["python", main], folder, {"PATH": os.environ["PATH"]})
    assert found
    assert lines(found.options) == wanted(READ[name])


@pytest.mark.parametrize("name", ASKED)
def test_options_that_a_program_tells_of_are_judged_as_by_a_person(name: str) -> None:
    text = (DISCOVERY / "help_texts" / f"{name}.txt").read_text("utf-8")
    assert lines(parse_help(text).options) == wanted(ASKED[name])


@pytest.mark.parametrize("name", [*READ, *ASKED])
def test_the_table_in_the_docs_is_this(name: str) -> None:
    judged = wanted({**READ, **ASKED}[name])
    left = sum(": left: " in line for line in judged)
    lengths = sum(line.endswith(": length") for line in judged)
    searched = len(judged) - left - lengths
    otherwise = OTHERWISE.get(name, "nothing")
    row = f"| `{name}` | {len(judged)} | {searched} | {lengths} | {left} | {otherwise} |"
    assert row in DOCS.read_text("utf-8"), row
