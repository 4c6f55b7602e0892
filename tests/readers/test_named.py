"""The reader by name: what is a name and its number, which stream counts, what is told."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.readers.advice.proposal import numbers_by_name
from automl.readers.follower import NO_MATCH_YET, Follower, Look
from automl.readers.named.finder import NameFinder
from automl.readers.registry import follow, make_reader

LIMIT = 1 << 20


def found(name: str, text: str) -> list[float]:
    return NameFinder(name).find(text.split("\n")).values


def reading(folder: Path, name: str = "acc", **options: str) -> Follower:
    stream = "stderr" if options.get("stream") == "stderr" else "stdout"
    reader = make_reader("stdout_reader", {"metric": name, **options})
    return follow(reader, str(folder / f"{stream}.log"))


def looked(follower: Follower, *, ended: bool = False) -> Look:
    return follower.read(ended=ended, limit_bytes=LIMIT)


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("val_acc", "val_acc: 0.91", [0.91]),
        ("val_acc", "val_acc=.91", [0.91]),
        ("val_acc", '{"val_acc": 9.1e-01}', [0.91]),
        ("val_acc", "val_acc 0.91", [0.91]),
        ("val_acc", "val_acc: 91.2%", [91.2]),
        ("val_acc", "('val_acc', 0.91)", [0.91]),
        ("val_acc", "val_acc,0.91", [0.91]),
        ("val_acc", "<val_acc>0.91</val_acc>", [0.91]),
        ("val_acc", '<metric name="val_acc" value="0.91"/>', [0.91]),
        ("val_acc", "(val_acc . 0.91)", [0.91]),
        ("val_acc", "**val_acc**: `0.91`", [0.91]),
        ("val_acc", "val_acc = 0.91 \u00b1 0.02", [0.91]),
        ("val_acc", "val_acc ........ 0.91", [0.91]),
        ("val_acc", "Final val_acc is now 0.91.", [0.91]),
        ("val_acc", "val_acc:\n0.91", [0.91]),
        ("accuracy", "ACCURACY: 91.20 %", [91.2]),
        ("loss", "loss: tensor(0.5, device='cuda:0', grad_fn=<X>)", [0.5]),
        ("loss", "loss: np.float64(0.5)", [0.5]),
        ("cost", "Cost after iteration 100: 0.5", [0.5]),
        ("F1", "F1 (macro): 0.8", [0.8]),
        ("latency (ms)", "latency (ms): 12.5", [12.5]),
        ("mAP@0.5", "mAP@0.5: 0.8, mAP@0.5:0.95: 0.6", [0.8]),
        ("Requests per second", "Requests per second:    1234.56 [#/sec]", [1234.56]),
        ("loss", "loss: -inf", [-math.inf]),
        ("loss", "{'loss': Decimal('0.5')}", [0.5]),
        ("Mean Squared Error", "Mean Squared Error (MSE)   :   0.5", [0.5]),
        ("loss", "loss after acc: 0.5", []),
        ("val_acc", '{\n  "epoch": 3,\n  "val_acc": 0.91\n}', [0.91]),
        ("Kappa statistic", "Kappa statistic                0.94  ", [0.94]),
        ("Training Loss", "Step   Training Loss   Validation Loss\n100   0.5   0.6", [0.5]),
        ("A", "A B\n1 2\n3 4", [1, 3]),
        ("mAP", "Class P mAP: 100%|####| 1/1 [00:00<00:00]\nall 0.9 0.7", [0.7]),
        # A number before its name, in a list of such items.
        ("avg loss", "100: 2.3, 3.5 avg loss, 0.001 rate, 6400 images", [3.5]),
        ("loss", "100: 2.3, 3.5 avg loss, 0.001 rate, 6400 images", [3.5]),
        ("rate", "100: 2.3, 3.5 avg loss, 0.001 rate, 6400 images", [0.001]),
        ("accuracy", "done (91.2% accuracy)", [91.2]),
        ("ns/op", "BenchmarkSort-8  \t 1000\t   12.5 ns/op\t   48 B/op", [12.5]),
        ("B/op", "BenchmarkSort-8  \t 1000\t   12.5 ns/op\t   48 B/op", [48]),
        ("MB/s", "100 bytes (1 MB) copied, 0.1 s, 891.2 MB/s", [891.2]),
        ("loss", "step 3 loss 0.5", [0.5]),
        ("loss", "1   3 loss   0.5", [0.5]),
        ("loss", "3 loss", [3]),
        ("cats", "we saw 3 cats", []),
        # Of several figures the usual one, and other metrics of a like name.
        ("latency", "latency......: avg=12.5ms min=9ms p(95)=20ms", [12.5]),
        ("loss", "loss: mean=0.5, std=0.1", [0.5]),
        ("loss", "loss: max=0.9, mean=0.5", []),
        ("R2", "R2: 0.8  Adj. R2: 0.7", [0.8]),
        ("squared error", "Root squared error 0.3\nsquared error 0.09", [0.09]),
        ("acc", "acc =\n\n    0.9120\n\nloss =\n\n  0.3", [0.912]),
        ("P", "   Class  N  P\n   all  9  0.7\n   cat  4  0.8\n   dog  5  0.6", [0.7]),
        ("P", "   Class  N  P\n   cat  4  0.8\n   all  9  0.7", [0.8, 0.7]),
        # No number, or another name's.
        ("loss", "val_loss: 3, train/loss 4, loss@5: 5, my.loss=6, loss-a: 7, loss_2: 8", []),
        ("acc", "eval/acc=0.3", []),
        ("time", "time: 00:03:20", []),
        ("loss", "loss: N/A, loss: 12k, loss: 1.2.3, loss=0.9/1.0, loss 2026-11-30", []),
        ("loss", "loss=1,234.5", []),
        ("loss", "loss improved from 0.5 to 0.4", []),
        ("loss", "We track loss, accuracy and time\nepoch 3, 4, 5", []),
    ],
)
def test_a_name_is_a_whole_word_and_its_number_stands_behind_it(
    name: str, text: str, values: list[float]
) -> None:
    assert found(name, text) == values


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("epoch 3/10 loss 1", 3),
        ("step=3 loss 1", 3),
        ("iter 300: loss 1", 300),
        ("[3/10] loss 1", 3),
        ("Epoch: 3\nloss 1", 3),
        ("[300] loss 1", 300),
        ("Epoch [3/10], Step [100/600], loss: 1", 3),
        ("global_step 1,200 loss 1", 1200),
        ("loss 1 epoch=3", 3),
        ("epoch 2\nepoch 3\nwait\nloss 1", 3),
        ("epoch 3\n 12/30 [==>...] - loss: 1", 3),
        ("Epoch 3/10\n\nloss 1", 3),
        ("step=3\n---------\nloss 1", 3),
        ("iter 300\nlr 0.1 time 0.3\nloss 1", 300),
        ("[3/10]\nloss 1", 3),
        ("== Epoch [3/10] ==\n  acc 0.3\n  loss 1", 3),
        ("Iteration: 300 | loss 1", 300),
        ("loss 1 (epoch 3/10)", 3),
        ("loss 1 @ step 3", 3),
        ("{'epoch': 3, 'loss': 1}", 3),
        ("Epoch(val) [3][5000] loss: 1", 3),
        ("Step (global) 3: loss 1", 3),
        ("Ep. 3 : Up. 1000 : loss 1", 3),
        ("epochs: 30\nstep time 0.3\nloss 1", None),
        ("max_steps=30, num_epochs=4\nloss 1", None),
        ("2026-11-30 12:00:00 [INFO] loss 1", None),
    ],
)
def test_a_step_is_that_of_its_line_else_of_the_last_one_before(
    text: str, step: float | None
) -> None:
    finder = NameFinder("loss")
    numbers = finder.find(text.split("\n"))
    assert numbers.values == [1]
    assert (numbers.steps if finder.has_steps else [None]) == [step]


def test_a_name_as_it_was_asked_for_puts_like_ones_aside() -> None:
    assert found("loss", "best loss: 3\nLoss: 4\nloss: 2\nbest loss: 1\nLoss 5\nloss 6") == [2, 6]
    finder = NameFinder("loss")
    assert finder.find(["best loss: 3"]).values == [3]
    numbers = finder.find(["loss: 2"])
    assert (numbers.values, numbers.anew) == ([2], True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("train loss: 3\nval loss: 2", "metric='val loss'"),
        ("train: acc=1 loss=3 | val: acc=1 loss=2", "let the program print names that differ"),
        ("[1]\ttrain's loss: 3\tvalid's loss: 2", 'you mean, such as metric="valid\'s loss"'),
        ('{"train": {"loss": 3}, "val": {"loss": 2}}', "stands 2 times"),
        ("loss=1,234.5", "1234.5"),
        ("loss=3ms\nloss=2s", "another unit"),
    ],
)
def test_what_is_doubtful_is_told(text: str, told: str) -> None:
    finder = NameFinder("loss")
    finder.find(text.split("\n"))
    (warning,) = finder.warnings.values()
    if told != "another unit":
        assert told in warning
    assert "'loss'" in warning


@pytest.mark.parametrize(
    "text",
    [
        *("loss: 0.25+0.01400", "loss: 0.25+-0.01", "loss: 0.25+/-0.01", "loss: 0.25±0.01"),
        *("loss: 0.25 + 0.01", "loss:0.25+0.5", "loss 0.25 (+/- 0.01)", '"loss": "0.25+-0.01"'),
    ],
)
def test_of_a_mean_and_its_spread_the_mean_is_taken(text: str) -> None:
    assert found("loss", text) == [0.25]


@pytest.mark.parametrize("text", ["loss: 1e+05", "loss: 1.0E+05", "loss: +100000"])
def test_an_exponent_is_no_spread(text: str) -> None:
    assert found("loss", text) == [100000]


@pytest.mark.parametrize("text", ["loss: 3+4", "loss: 2+1j", "loss: 1.2.3+0.1"])
def test_what_is_added_otherwise_is_no_number(text: str) -> None:
    assert found("loss", text) == []


def test_what_is_found_instead_is_named_in_full() -> None:
    line = "[1]\ttrain's auc: 0.98\tvalid's auc: 0.97\teval-f1: 0.5"
    assert dict(numbers_by_name(line)) == {
        "train's auc": "0.98",
        "valid's auc": "0.97",
        "eval-f1": "0.5",
    }


PIECES = "loss loss: = [ ] ( { } | , ; 0.5 12 1/2 50% epoch step [3/9] is of a.b -- ' nan"
WORDS = st.sampled_from([*PIECES.split(), '"', " ", "  ", "\t", "\n", "\r"])


@given(st.lists(WORDS, max_size=60), st.integers(1, 59))
def test_it_does_not_matter_how_lines_come(words: list[str], cut: int) -> None:
    lines = [one for one in "".join(words).split("\n") if one]
    whole, parts = NameFinder("loss"), NameFinder("loss")
    at_once = whole.find(lines)
    one_by_one = parts.find(lines[:cut])
    one_by_one.add(parts.find(lines[cut:]))
    assert at_once.values == pytest.approx(one_by_one.values, nan_ok=True)
    assert at_once.steps == pytest.approx(one_by_one.steps, nan_ok=True)


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["loss: {}", "loss={}", '"loss": {},', "loss {}", "[3] loss -> {}!", "{{loss:{}}}"]
    ),
)
def test_every_number_that_a_program_prints_is_read_back(value: float, form: str) -> None:
    assert found("loss", form.format(value)) == [value]


@pytest.mark.parametrize(
    "text",
    [
        *("loss ", "loss: ", "loss(", "loss of ", "loss [", "loss: [1, ", "step 3 loss 0.5 "),
        *("[ ", "a|", "loss  a  b\n1 2 3\n", "loss {", "loss" + " " * 9000, "loss: " + "1" * 999),
    ],
)
def test_no_line_takes_long(text: str) -> None:
    """A pattern that finds no end would take hours for these."""
    line = (text * (16_000 // len(text) + 1))[:16_000]
    for _ in range(3):
        NameFinder("loss").find(line.split("\n"))


def test_each_stream_will_do(tmp_path: Path) -> None:
    follower = reading(tmp_path)
    append(tmp_path / "stderr.log", "epoch 1 acc 0.5\n")
    points = looked(follower).measurements["acc"]
    assert (points.values, points.steps, points.restarted) == ((0.5,), (1.0,), False)
    append(tmp_path / "stderr.log", "epoch 2 acc 0.6\n")
    assert looked(follower).measurements["acc"].values == (0.6,)
    assert looked(follower, ended=True).measurements == {}


@pytest.mark.parametrize("at_once", [True, False])
def test_of_both_streams_standard_output_counts_whenever_it_comes(
    tmp_path: Path, *, at_once: bool
) -> None:
    follower = reading(tmp_path)
    append(tmp_path / "stderr.log", "acc 0.5\n")
    if not at_once:
        assert looked(follower).measurements["acc"].values == (0.5,)
    append(tmp_path / "stdout.log", "acc 0.7\n")
    points = looked(follower).measurements["acc"]
    assert (points.values, points.restarted) == ((0.7,), not at_once)
    append(tmp_path / "stderr.log", "acc 0.6\n")
    assert looked(follower, ended=True).measurements == {}


def test_a_name_as_asked_for_on_standard_error_counts_more_than_a_like_one(tmp_path: Path) -> None:
    append(tmp_path / "stdout.log", "best acc: 0.9\n")
    append(tmp_path / "stderr.log", "acc: 0.7\n")
    assert looked(reading(tmp_path), ended=True).measurements["acc"].values == (0.7,)


def test_one_stream_may_be_named(tmp_path: Path) -> None:
    append(tmp_path / "stdout.log", "acc 0.5\n")
    append(tmp_path / "stderr.log", "acc 0.6\n")
    follower = reading(tmp_path, stream="stderr")
    assert looked(follower, ended=True).measurements["acc"].values == (0.6,)


def test_the_reason_names_what_has_numbers_nearest_first(tmp_path: Path) -> None:
    append(tmp_path / "stdout.log", "epoch 3 - loss: 0.33 - val_accuracy: 0.30\n")
    follower = reading(tmp_path, "val_acc")
    looked(follower, ended=True)
    reason = follower.problem()
    assert "no number for metric 'val_acc' in stdout.log or stderr.log" in reason
    assert "if it is one of these, name that: 'val_accuracy' (0.30), " in reason
    assert "'loss' (0.33)" in reason


def test_the_reason_names_the_other_stream(tmp_path: Path) -> None:
    append(tmp_path / "stdout.log", "hello\n")
    append(tmp_path / "stderr.log", "acc: 0.30\n")
    follower = reading(tmp_path, stream="stdout")
    looked(follower, ended=True)
    assert "stderr.log has it: leave out stream=" in follower.problem()


def test_silence_is_told_while_the_program_runs(tmp_path: Path) -> None:
    follower = reading(tmp_path, "accuracy")
    for number in range(3):
        append(tmp_path / "stderr.log", f"epoch {number} - loss: 0.33 - val_acc: 0.30\n")
        look = looked(follower)
    assert "'val_acc' (0.30)" in look.warnings[NO_MATCH_YET]
    append(tmp_path / "stderr.log", "accuracy: 0.5\n")
    assert NO_MATCH_YET not in looked(follower).warnings


@pytest.mark.parametrize(
    "options",
    [{}, {"metric": ""}, {"metric": "::"}, {"metric": "a\nb"}, {"metric": "a", "stream": "out"}],
)
def test_what_can_name_nothing_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(SpecError):
        make_reader("stdout_reader", options)
