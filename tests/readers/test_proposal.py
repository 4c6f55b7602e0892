"""Patterns that are proposed for what a program printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.readers.advice.proposal import propose, words_of
from automl.readers.pattern import Pattern

KERAS = "Epoch 3/10 - loss: 0.5 - val_accuracy: 0.93 - accuracy: 0.95"
MNIST = "Test set: Average loss: 0.0524, Accuracy: 9823/10000 (98%)"


@pytest.mark.parametrize(
    ("names", "lines", "pattern", "number"),
    [
        (("acc",), ["epoch 1 accuracy: 0.91 loss: 0.3"], r"accuracy: (\S+)", "0.91"),
        (("Score",), ["score=0.5"], r"score=(\S+)", "0.5"),
        (("accuracy",), [KERAS], r"\baccuracy: (\S+)", "0.95"),
        (("score",), ['{"epoch": 3, "score": 0.93}'], r'score": (\S+)', "0.93"),
        (("score",), ['{"epoch":3,"score":0.93,"loss":0.1}'], r'score":([^,\s]+)', "0.93"),
        (("acc",), ["epoch=3,acc=0.93,loss=0.1"], r"acc=([^,\s]+)", "0.93"),
        (("accuracy",), ["| accuracy | 0.93 |"], r"accuracy \| (\S+)", "0.93"),
        ((), ["training", "0.93"], r"^(\S+)$", "0.93"),
        ((), ["  0.93 "], r"^\s*(\S+)\s*$", "0.93"),
        ((), ["R2 = -0.5", "rmse   0.25"], r"rmse\s+(\S+)", "0.25"),
        ((), [MNIST], r"loss: (\S+)", "0.0524"),
        (("score",), ["score=0.93\u00b10.02"], r"score=([-+.\deE]+)", "0.93"),
        (("score",), ["score: 0.93 +/- 0.02"], r"score: (\S+)", "0.93"),
        ((), ["Test accuracy is 0.93."], r"accuracy is (\S+)", "0.93"),
        ((), ["loss 0.5", "step 7", "time 3.5"], r"loss (\S+)", "0.5"),
        (("loss",), ["loss=0.5 loss=0.6"], r"^loss=(\S+)", "0.5"),
        ((), ["loss=0.1", "loss=0.2"], r"loss=(\S+)", "0.2"),
    ],
)
def test_the_number_that_is_most_likely_meant_is_read(
    names: tuple[str, ...], lines: list[str], pattern: str, number: str
) -> None:
    found = propose(lines, names)
    assert found is not None
    assert (found.pattern, found.number) == (pattern, number)
    assert Pattern(found.pattern).values(found.line) == [float(number)]


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        ((), ["saved to model_3.pt", "took 12.5 s", "epoch 3"]),
        ((), ["hello 2026-11-30 12:00:00", "port 8080", "version 1.2.3"]),
        ((), ["0.1 0.2 0.3", "no numbers"]),
        ((), []),
        (("score",), ["score=1,234.5", "loss=0.5"]),
        (("accuracy",), [MNIST]),
    ],
)
def test_nothing_is_proposed_where_nothing_is_likely(
    names: tuple[str, ...], lines: list[str]
) -> None:
    assert propose(lines, names) is None


EPOCH = "Epoch 3/6 - loss: 0.33 - val_acc: 0.30"


@pytest.mark.parametrize(
    ("names", "line", "maximize", "number"),
    [
        (("accuracy",), EPOCH, True, "0.30"),
        (("accuracy",), EPOCH, None, "0.30"),
        (("perplexity",), "loss: 2.0 - ppl: 7.4 - acc: 0.30", False, "7.4"),
        (("mean_reward",), "loss: 2.0 score: 3.0 ep_rew_mean: 7.4", True, "7.4"),
        (("val_loss",), "val_acc: 0.30 valid loss: 0.4", False, "0.4"),
        ((), "acc: 0.30 - loss: 0.33 - lr: 0.1", False, "0.33"),
        ((), "acc: 0.30 - loss: 0.33 - lr: 0.1", True, "0.30"),
        ((), "rmse: 0.33 - lr: 0.1", True, None),
        (("score",), "loss: 0.33", True, None),
        (("score",), "accuracy: 0.33", False, None),
        (("loss",), "loss: 0.33", True, "0.33"),
    ],
)
def test_names_near_the_words_come_first_and_then_those_that_fit_the_direction(
    *, names: tuple[str, ...], line: str, maximize: bool | None, number: str | None
) -> None:
    found = propose([line], names, maximize=maximize)
    assert (found and found.number) == number


@given(st.lists(st.text('accloss=: 01.,-()e%"{}|*[\\', max_size=30), max_size=4))
def test_whatever_is_proposed_reads_its_number_alone(lines: list[str]) -> None:
    found = propose(lines, ("acc",))
    if found is not None:
        assert Pattern(found.pattern).values(found.line) == [float(found.number)]
        assert found.line in lines


@pytest.mark.parametrize(
    ("pattern", "metric", "words"),
    [
        (r"epoch (?P<step>\d+): val_acc=(?P<value>\S+)", "metric", ("epoch", "val_acc")),
        (r"^[^,]*,([^,]*)", "loss", ("loss",)),
        (r"(\d.\d+)", "metric", ()),
    ],
)
def test_the_names_are_the_words_of_the_pattern_and_the_metric(
    pattern: str, metric: str, words: tuple[str, ...]
) -> None:
    assert words_of(pattern, metric) == words
