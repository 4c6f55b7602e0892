"""The words in the name of an option: `--trainBatchSize` is train, batch, size."""

import re

from automl.discovery.option import Kind, Option
from automl.studies.draft.judging.vocabulary import listed

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_TOGETHER = {
    "batchsize": "batch size",
    "bs": "batch size",
    "bsz": "batch size",
    "nepochs": "n epochs",
    "numepochs": "num epochs",
    "maxepochs": "max epochs",
    "epoch": "epochs",
    "niter": "n iter",
    "niters": "n iter",
    "maxiter": "max iter",
    "nsteps": "n steps",
    "maxsteps": "max steps",
    "nrounds": "n rounds",
    "ntree": "n trees",
    "ntrees": "n trees",
    "numtrees": "num trees",
    "nestimators": "n estimators",
    "maxdepth": "max depth",
    "minsplit": "min split",
    "minbucket": "min bucket",
    "mtry": "mtry",
    "nlayers": "n layers",
    "numlayers": "num layers",
    "nhid": "hidden",
    "nheads": "n heads",
    "hiddensize": "hidden size",
    "learningrate": "learning rate",
    "learnrate": "learning rate",
    "lrate": "learning rate",
    "dropoutrate": "dropout rate",
    "droprate": "dropout rate",
    "weightdecay": "weight decay",
    "labelsmoothing": "label smoothing",
    "randomstate": "random state",
    "randomseed": "random seed",
    "rngseed": "rng seed",
    "numworkers": "num workers",
    "nworkers": "n workers",
    "njobs": "n jobs",
    "ncores": "n cores",
    "nthread": "n threads",
    "nthreads": "n threads",
    "logdir": "log dir",
    "outdir": "out dir",
    "savedir": "save dir",
    "datadir": "data dir",
    "outfile": "out file",
    "logfile": "log file",
    "loglevel": "log level",
    "localrank": "local rank",
    "worldsize": "world size",
}
"""What is written together, in words."""

_HELP_WORDS = 6
_DIGITS = {"l1", "l2", "f1", "beta1", "beta2", "fp16", "bf16", "fp32", "tf32", "eta0", "p1", "p2"}


_MORE_OR_LESS = {"-v": "verbose", "-q": "quiet"}
_ANY_VALUE = listed("value val number num int integer float real string str text arg rate")
"""What a value is called where that says nothing more than its description does."""


def words_in(name: str) -> tuple[str, ...]:
    """Return the words of a name, in small letters.

    >>> words_in("--trainBatchSize"), words_in("--adam-beta1"), words_in("-bs")
    (('train', 'batch', 'size'), ('adam', 'beta1'), ('batch', 'size'))
    """
    words: list[str] = []
    for part in re.split(r"[^A-Za-z0-9]+", name):
        if not part:
            continue
        small = part.lower()
        if small in _TOGETHER:
            words += _TOGETHER[small].split()
        elif small in _DIGITS:
            words.append(small)
        else:
            words += [_TOGETHER.get(one.lower(), one.lower()) for one in _PARTS.findall(part)]
    return tuple(words)


def words_of(option: Option) -> tuple[str, ...]:
    """Return the words of an option's name; of one that is a letter, those of its value.

    Where its value has no name that tells, its description does. A flag that is a lone `-v` or
    `-q` says more or less nearly everywhere.
    """
    name = max(option.names, key=lambda one: len(one.lstrip("-")))
    # Of `--data.batch_size` the last part says what it is, the others whose.
    words = words_in(name.rpartition(".")[2] or name)
    if len("".join(words)) > 1:
        return words
    if option.kind is Kind.FLAG and name in _MORE_OR_LESS and not option.stands_for:
        return (*words, _MORE_OR_LESS[name])
    stands = words_in(option.stands_for)
    if len("".join(stands)) > 1 and not set(stands) & _ANY_VALUE:
        return (*words, *stands)
    before = re.split(r"[(\[,.;:]|default", option.help.lower())[0]
    told = re.findall(r"[a-z0-9]+", before)[:_HELP_WORDS]
    return (*words, *told)
