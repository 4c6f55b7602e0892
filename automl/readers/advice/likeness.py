"""How much the name of a number is like one that was asked for."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

_LETTERS = re.compile(r"[^a-z0-9]")
_WORDS = re.compile(r"[a-z]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SHORTEST = 3
_SHORT_FORMS = {
    "rew": "reward",
    "ret": "return",
    "ppl": "perplexity",
    "lat": "latency",
    "tput": "throughput",
    "tps": "throughput",
    "qps": "throughput",
    "corr": "correlation",
    "dur": "duration",
    "mem": "memory",
}
_ON_DATA = "train training val valid validation test dev eval avg mean best"
_SPLITS = frozenset(_ON_DATA.split())
_SPLIT_WEIGHT = 0.25
_LARGE = re.compile(
    r"acc|auc|f1|score|r2|bleu|rouge|map\d*$|iou|dice|reward|return|precision|recall|fitness|throughput|speed|tps"
    r"|gain|profit|ndcg|psnr|ssim|hits?$"
)
_SMALL = re.compile(
    r"loss|err|rmse|mse|mae|mape|perplexity|ppl|latency|cost|regret|wer|cer|fid|nll|elapsed|duration|penalty"
    r"|violation|deviance"
)


def letters_of(name: str) -> str:
    """Return the letters and digits of a name, small.

    >>> letters_of("Val-Acc@1")
    'valacc1'
    """
    return _LETTERS.sub("", name.lower())


def is_within(one: str, other: str) -> bool:
    """Tell whether one of two names is a part of the other, whatever stands between the letters."""
    shorter, longer = sorted((letters_of(one), letters_of(other)), key=len)
    return len(shorter) >= _SHORTEST and shorter in longer


def shared(name: str, asked: str) -> float:
    """Return which share of the words asked for a name has, common short forms among them.

    >>> shared("val_acc", "accuracy"), shared("loss", "accuracy"), shared("val_acc", "val_loss")
    (1.0, 0.0, 0.2)
    """
    own, wanted = _words(name), _words(asked)
    weights = [(_SPLIT_WEIGHT if one in _SPLITS else 1.0, one) for one in wanted]
    found = sum(weight for weight, one in weights if any(_same(one, word) for word in own))
    return found / sum(weight for weight, _ in weights) if weights else 0.0


def fits(name: str, *, maximize: bool | None) -> bool:
    """Tell whether a name may be that of a number to be made large, or small; None: of either.

    >>> [fits(one, maximize=True) for one in ("val_loss", "val_acc", "speed")]
    [False, True, True]
    """
    if maximize is None:
        return True
    letters = letters_of(name)
    large, small = _LARGE.search(letters), _SMALL.search(letters)
    return not (small and not large) if maximize else not (large and not small)


def nearest_first(names: Iterable[str], asked: str) -> Sequence[str]:
    """Return names without repetition, those that are most like the one asked for first."""
    return sorted(
        dict.fromkeys(names),
        key=lambda one: (
            -(letters_of(one) == letters_of(asked)),
            -shared(one, asked) - is_within(one, asked),
            -SequenceMatcher(None, letters_of(one), letters_of(asked)).ratio(),
        ),
    )


def _words(name: str) -> list[str]:
    return _WORDS.findall(_CAMEL.sub(" ", name).lower())


def _same(one: str, other: str) -> bool:
    if one == other or _SHORT_FORMS.get(one) == other or _SHORT_FORMS.get(other) == one:
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _SHORTEST and longer.startswith(shorter)
