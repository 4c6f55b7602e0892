"""Options that no search should touch, and why, in words for the user's file."""

from collections.abc import Sequence
from dataclasses import dataclass

from automl.discovery.option import Kind, Option
from automl.studies.draft.judging.vocabulary import LEAST, listed

_TEXTS = frozenset({Kind.TEXT, Kind.PATH, Kind.UNKNOWN})
_NUMBERS = frozenset({Kind.INTEGER, Kind.FLOAT})


@dataclass(frozen=True, slots=True)
class _Rule:
    """Why options with certain words in their names are left alone.

    Attributes:
        why: in a few words.
        words: any of them is enough.
        kinds: of which kinds of options; all if empty.
    """

    why: str
    words: frozenset[str]
    kinds: frozenset[Kind] = frozenset()


_RULES = (
    _Rule("a path", listed("path paths dir directory file files folder filename root"), _TEXTS),
    _Rule("a path", listed("input output"), frozenset({Kind.FLAG})),
    _Rule("how often something is done", listed("interval every freq frequency")),
    _Rule("a seed", listed("seed seeds rng random")),
    _Rule(
        "about this machine",
        listed(
            "device devices gpu gpus cuda cpu cpus tpu mps node nproc nnodes world ddp fsdp nccl"
            " distributed accel accelerator fp16 bf16 fp32 tf32 half precision compile backend"
            " local"
        ),
    ),
    _Rule(
        "how many work at once",
        listed(
            "workers worker jobs threads thread procs processes cores prefetch pin parallel"
            " concurrency"
        ),
    ),
    _Rule("an address", listed("port host hostname address addr url uri endpoint master")),
    _Rule("a secret", listed("token password secret api key"), _TEXTS),
    _Rule(
        "what is printed",
        listed(
            "verbose verbosity quiet silent debug logging progress tqdm color colour plot plots"
            " print show display profile trace tensorboard wandb mlflow report"
        ),
    ),
    _Rule("ends a trial early", listed("patience timeout deadline walltime early stopping")),
    _Rule(
        "changes what the metric is measured on",
        listed("split splits fold folds cv holdout subset samples examples limit"),
    ),
    _Rule(
        "changes what the metric is measured on",
        listed("dataset datasets data task tasks benchmark"),
        _TEXTS | {Kind.CHOICE},
    ),
    _Rule("changes what the metric is", listed("metric metrics scorer scoring")),
    _Rule("follows from the data", listed("classes vocab vocabulary labels"), _NUMBERS),
    _Rule("an id", listed("id run trial job version"), _TEXTS | _NUMBERS),
    _Rule(
        "a name",
        listed(
            "name tag tags experiment exp project entity user group comment note notes prefix"
            " suffix title description"
        ),
        _TEXTS,
    ),
    _Rule(
        "a path",
        listed(
            "out output input save load checkpoint checkpoints ckpt resume cache config cfg csv"
            " json yaml corpus weights pretrained log logs train test valid val eval"
        ),
        _TEXTS,
    ),
    _Rule(
        "says what the program is to do",
        listed("command action format language lang env environment"),
        _TEXTS | {Kind.CHOICE},
    ),
    _Rule(
        "says what the program is to do",
        listed(
            "dry dryrun evaluate eval test predict inference download overwrite force clean delete"
            " push export list resume save load cache do validate check visualize upload help"
            " version log only usage benchmark restart reset"
        ),
        frozenset({Kind.FLAG}),
    ),
)
_MODES = listed("mode run phase stage")
_LETTERS = listed("v q")
"""Switches of one letter that mean the same everywhere, where no description tells more."""
_DOING = listed("log save saving eval evaluation report checkpoint display test valid validation")
_OFTEN = listed("steps step epochs iter iters every level")
_MEASURED = listed("train test val valid validation eval holdout")
_ENDS = listed("input output in")
_SHAPES = listed("dim dims size features channels shape")
_SIZES = listed("size frac fraction ratio share percent")


def reason_to_leave(option: Option, words: Sequence[str]) -> str:
    """Return why an option is not tuned, by its name and kind; empty if it may be.

    Args:
        option: the option.
        words: those of its name.
    """
    own = frozenset(words)
    # A batch of each device is one all the same.
    own = own - {"device"} if "per" in own else own
    if option.kind is Kind.PATH:
        return "a path"
    if why := _of_names(own, option.kind):
        return why
    if own & LEAST and option.kind in _NUMBERS:
        # min_samples_split is of a tree, no part of the data.
        return ""
    return next((rule.why for rule in _RULES if _matches(rule, own, option.kind)), "")


def _of_names(own: frozenset[str], kind: Kind) -> str:
    """Return why an option is not tuned whose words only say so together."""
    if own & _DOING and own & _OFTEN and kind is not Kind.FLAG:
        return "how often something is done" if "level" not in own else "what is printed"
    if own <= _MODES and kind in {Kind.CHOICE, *_TEXTS}:
        return "says what the program is to do"
    if own <= _LETTERS and kind is Kind.FLAG:
        return "what is printed"
    if own & _ENDS and own & _SHAPES and kind in _NUMBERS:
        return "follows from the data"
    measured = (own - {"train"} if "batch" in own else own) & _MEASURED and own & _SIZES
    return "changes what the metric is measured on" if measured else ""


def _matches(rule: _Rule, words: frozenset[str], kind: Kind) -> bool:
    return bool(words & rule.words) and (not rule.kinds or kind in rule.kinds)
