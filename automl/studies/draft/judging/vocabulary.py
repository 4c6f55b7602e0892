"""Words that options have in their names, by what they mean for a search."""


def listed(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


LEARNING = listed("lr learning eta eta0")
RATE = LEARNING | listed(
    "decay wd l1 l2 lambda lamda lambd reg regularization regularisation alpha c cost penalty tol"
    " tolerance"
)
"""Numbers of which the order of magnitude matters."""

MAY_BE_OFF = listed("decay wd l1 l2 lambda lamda reg regularization regularisation penalty alpha")
"""Rates that may be 0, which turns them off."""

SHARE = listed(
    "dropout drop momentum beta beta1 beta2 prob probability p ratio frac fraction subsample"
    " colsample bytree smoothing mixup cutmix rho ema keep share quantile gamma tau polyak mask"
    " threshold features"
)
"""Probabilities and fractions, from 0 to 1."""

SMALL_RATE = listed("gamma tau")
"""Shares near 1, but rates where they are small."""

NEVER_ONE = listed("dropout drop momentum beta beta1 beta2 gamma ema")
"""Shares at which 1 makes a program learn nothing."""

AVERAGES = listed("momentum beta beta1 beta2 ema gamma")

SIZES = listed(
    "batch hidden dim dims units width channels filters embed embedding emb model ff ffn"
    " feedforward heads size neurons features"
)
"""Counts that people choose as powers of 2."""

TREES = listed("estimators trees rounds")
NEIGHBOURS = listed("k neighbors neighbours knn")
LEAST = listed("min minimum")
EPSILON = listed("eps epsilon")
