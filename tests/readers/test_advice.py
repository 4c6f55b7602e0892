"""What is told of a program in whose output no number was found, while it runs and at its end."""

from collections.abc import Callable
from pathlib import Path

import pytest

from automl.errors import ReadError
from automl.readers.follower import NO_MATCH_YET
from automl.readers.local_file import LocalFollower
from automl.study.tasks.reader import LocalReader

Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def append(*lines: str, to: str = "stdout.log") -> None:
        with (tmp_path / to).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)

    return append


def follower(
    folder: Path, pattern: str, *, name: str = "stdout.log", metric: str = "metric"
) -> LocalFollower:
    reader = LocalReader(location=name, parser_pattern=pattern, metric=metric)
    outputs = (str(folder / "stdout.log"), str(folder / "stderr.log"))
    return LocalFollower(reader, str(folder / name), outputs)


def look(one: LocalFollower) -> dict[str, str]:
    return dict(one.read(ended=False, limit_bytes=1 << 20).warnings)


def end(one: LocalFollower) -> str:
    one.read(ended=True, limit_bytes=1 << 20)
    return one.problem()


def test_a_number_with_a_name_like_the_one_asked_for_is_told_at_the_second_look(
    tmp_path: Path, write: Write
) -> None:
    one = follower(tmp_path, r"acc=(\S+)")
    write("epoch 1 accuracy: 0.5")
    assert look(one) == {}
    assert look(one) == {}
    write("epoch 2 accuracy: 0.6")
    told = look(one)[NO_MATCH_YET]
    assert r"parser_pattern='accuracy: (\\S+)' reads 0.6" in told
    assert "'epoch 2 accuracy: 0.6'" in told
    write("epoch 3 accuracy: 0.7")
    assert look(one)[NO_MATCH_YET] == told


def test_the_name_of_the_metric_is_asked_for_too(tmp_path: Path, write: Write) -> None:
    one = follower(tmp_path, r"(\d+\.\d+)x", metric="loss")
    for step in range(2):
        write(f"acc {step}.5 loss {step}.25")
        told = look(one)
    assert r"'loss (\\S+)' reads 1.25" in told[NO_MATCH_YET]


def test_a_number_of_another_name_is_told_once_it_came_again_and_again(
    tmp_path: Path, write: Write
) -> None:
    one = follower(tmp_path, r"score=(\S+)")
    told = []
    for step in range(4):
        write(f"validation loss: 0.{step}")
        told.append(bool(look(one)))
    assert told == [False, False, True, True]


def test_output_without_numbers_is_told_after_many_looks(tmp_path: Path, write: Write) -> None:
    one = follower(tmp_path, r"score=(\S+)")
    told = []
    for step in range(11):
        write(f"loading part {step}")
        told.append(NO_MATCH_YET in look(one))
    assert told == [False] * 9 + [True] * 2


def test_much_output_at_once_is_no_reason_to_warn(tmp_path: Path, write: Write) -> None:
    one = follower(tmp_path, r"score=(\S+)")
    write(*[f"loading part {step}: loss 0.5" for step in range(500)])
    assert look(one) == {}
    write("score=0.5")
    assert look(one) == {}


def test_a_match_that_is_no_number_is_told_at_once(tmp_path: Path, write: Write) -> None:
    one = follower(tmp_path, r"acc=(\S+)")
    write("acc=0.93,loss=0.1")
    told = look(one)["no number"]
    assert "matched '0.93,loss=0.1'" in told
    assert r"parser_pattern='acc=([^,\\s]+)' reads 0.93" in told
    one = follower(tmp_path, r"loss=(\S+)|acc=(?:x)")
    assert look(one) == {}


def test_words_beside_numbers_are_not_told(tmp_path: Path, write: Write) -> None:
    one = follower(tmp_path, r"acc=(\S+)")
    write("acc=n/a", "acc=0.5")
    assert look(one) == {}
    write("acc=n/a")
    assert look(one) == {}


@pytest.mark.parametrize("name", ["stdout.log", "metric.log"])
def test_a_metric_in_the_other_stream_is_told_while_the_program_runs(
    tmp_path: Path, write: Write, name: str
) -> None:
    one = follower(tmp_path, r"acc=(\S+)", name=name)
    write("epoch 1")
    write("\x1b[32macc=0.5\x1b[0m", to="stderr.log")
    told = look(one)[NO_MATCH_YET]
    assert "matches 'acc=0.5' in the trial's stderr.log" in told
    assert "location='{{ trial.dir }}/stderr.log'" in told


@pytest.mark.parametrize(
    ("pattern", "stdout", "stderr", "told"),
    [
        (r"acc=(\S+)", "epoch 1", "acc=0.5", "location='{{ trial.dir }}/stderr.log'"),
        (r"acc=(\S+)", "epoch 1 accuracy: 0.5", "", r"parser_pattern='accuracy: (\\S+)' reads 0.5"),
        (r"acc=(\S+)", "acc=0.5/1", "", "matched '0.5/1'"),
        (r"acc=(\S+)", "", "accuracy: 0.5", r"'accuracy: 0.5' has the metric"),
        (r"(?s)Results:.*acc=(\S+)", "Results:\nacc=1", "", r"several lines"),
        (r"Results:\s+acc=(\S+)", "Results:\n acc=1", "", r"parser_pattern='acc=(\\S+)' reads 1"),
    ],
)
def test_the_reason_names_the_cause_and_what_to_write(
    tmp_path: Path, write: Write, pattern: str, stdout: str, stderr: str, told: str
) -> None:
    write(*filter(None, [stdout]))
    write(*filter(None, [stderr]), to="stderr.log")
    reason = end(follower(tmp_path, pattern))
    assert told in reason
    assert "\n" not in reason


def test_a_missing_file_is_told_with_what_is_there(tmp_path: Path, write: Write) -> None:
    (tmp_path / "out").mkdir()
    write("acc=0.5", to="out/metrics.log")
    assert "its folder has 'metrics.log'" in end(follower(tmp_path, r"(\d)", name="out/metric.log"))
    with pytest.raises(ReadError, match=r"directory; location= must name .* 'metrics.log' in it"):
        end(follower(tmp_path, r"(\d)", name="out"))
    assert end(follower(tmp_path, r"(\d)", name="no/metric.log")).endswith("did not write it")


def test_a_pattern_that_may_be_slow_is_not_tried_elsewhere(tmp_path: Path, write: Write) -> None:
    write("a" * 40 + "b 1", to="stderr.log")
    one = follower(tmp_path, r"(?:(a+)+)$")
    assert look(one) == {}
    assert "stderr" not in end(one)


def test_once_a_number_was_read_nothing_is_told(tmp_path: Path, write: Write) -> None:
    one = follower(tmp_path, r"acc=(\S+)")
    write("acc=0.5")
    look(one)
    (tmp_path / "stdout.log").write_text("")
    for _ in range(12):
        write("accuracy: 0.5")
        assert look(one) == {}
