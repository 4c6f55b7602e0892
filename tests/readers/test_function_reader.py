"""What functions of users' find, and what becomes of those that do not come back."""

import contextlib
import math
import os
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

import psutil
import pytest

from automl.errors import SpecError
from automl.inside.reading.call import answer_of, target_of
from automl.inside.reading.curves import curves_of
from automl.readers.advice.described import check_readers
from automl.readers.follower import Look, Points
from automl.readers.functions import follower as followers
from automl.readers.functions.follower import FunctionFollower
from automl.readers.functions.process import Answer, FunctionProcess
from automl.readers.functions.reader import FunctionReader
from automl.readers.patterns.launched import Launched
from automl.readers.registry import follow, make_reader

SOURCE = """
import os
import signal
import sys
import time

def loss(folder):
    print("looks into", folder)
    return {"loss": [(1, 0.5), (2, 0.25)], "acc": 0.75}

def both(folder, file):
    return len(folder) + len(file) / 1000

def raises(folder):
    raise ValueError("no such\\nnumber")

def hangs(folder):
    time.sleep(1000)

def crashes(folder):
    print("about to end")
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)

def forks(folder):
    if os.fork() == 0:
        return 99.0
    return 1.0

def leaves(folder):
    if os.fork() == 0:
        time.sleep(1000)
    return 2.0

def prints(folder):
    while True:
        print("x" * 100_000)
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "find.py").write_text(SOURCE)
    (tmp_path / "trial").mkdir()
    return tmp_path


def called(place: Path, name: str, limit_s: float = 60.0) -> Answer:
    process = FunctionProcess(f"find.py:{name}", [str(place / "trial")], str(place), limit_s)
    answer = process.answer(60.0)
    assert answer
    return answer


def test_a_function_is_found_from_the_working_directory(place: Path) -> None:
    answer = called(place, "loss")
    assert answer == ({"loss": [[1.0, 0.5], [2.0, 0.25]], "acc": [[None, 0.75]]}, "")
    by_module = FunctionProcess("find:both", ["ab", "c"], str(place), 60.0)
    assert by_module.answer(60.0) == ({"": [[None, 2.001]]}, "")


@pytest.mark.integration
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("raises", "ValueError: no such (find.py, line 15)"),
        ("crashes", "its process ended by signal SIGKILL before it returned: about to end"),
        ("none", "AttributeError: module '__mp_main__' has no attribute 'none'"),
    ],
)
def test_why_a_function_gives_nothing_is_told(place: Path, name: str, reason: str) -> None:
    assert called(place, name) == ({}, reason)


@pytest.mark.integration
def test_one_that_hangs_is_ended(place: Path) -> None:
    answer = called(place, "hangs", limit_s=0.5)
    assert answer == ({}, "it took more than 0.5 s, and was ended")


@pytest.mark.integration
def test_one_that_prints_without_end_is_ended(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automl.readers.functions.process.MOST_BYTES", 1 << 20)
    assert called(place, "prints") == ({}, "it printed more than 1 MiB")


@pytest.mark.integration
@pytest.mark.parametrize(("name", "value"), [("forks", 1.0), ("leaves", 2.0)])
def test_what_it_forks_is_none_of_the_answer_and_ends_with_it(
    place: Path, name: str, value: float
) -> None:
    process = FunctionProcess(f"find.py:{name}", [str(place / "trial")], str(place), 60.0)
    group = process._process.pid
    assert process.answer(60.0) == ({"": [[None, value]]}, "")
    wait_until_gone(group)


@pytest.mark.integration
def test_a_call_that_is_given_up_leaves_nothing(place: Path) -> None:
    process = FunctionProcess("find.py:hangs", ["x"], str(place), 60.0)
    group = process._process.pid
    assert process.answer(0.0) is None
    process.end()
    wait_until_gone(group)


def wait_until_gone(group: int) -> None:
    """Wait for a group of which all were killed; the system may take a moment to bury them."""
    until = time.monotonic() + 60.0
    while members := [one.pid for one in psutil.process_iter() if is_member(one, group)]:
        assert time.monotonic() < until, members
        time.sleep(0.01)


def is_member(process: psutil.Process, group: int) -> bool:
    with contextlib.suppress(OSError, psutil.Error):
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    return False


@pytest.mark.integration
def test_a_function_of_the_studys_own_script_runs_no_study(tmp_path: Path) -> None:
    (tmp_path / "study.py").write_text(
        "from automl.hpo import *\n"
        "def score(folder):\n    return 3\n"
        "x = hyperparam.create(type='Integer', name='x', min_value=1, max_value=2)\n"
        "found = reader.create(type='function_reader', function='study.py:score')\n"
        "run = task.create(type='BashTask', metric_reader=found,"
        " cmd=['true', '{{ trial.param.x }}'])\n"
        "AutoTuner([x], [run], 1, 2).fit()\n"
    )
    process = FunctionProcess("study.py:score", ["x"], str(tmp_path), 60.0)
    assert process.answer(60.0) == ({"": [[None, 3.0]]}, "")
    as_module = FunctionProcess("study:score", ["x"], str(tmp_path), 60.0).answer(60.0)
    assert as_module
    assert "module 'study' runs a study when it is imported" in as_module.reason
    assert [one.name for one in tmp_path.iterdir() if one.is_dir()] in ([], ["__pycache__"])


class Played:
    """Stands in for the process: calls the function at once, after so many looks."""

    def __init__(self, function: str, arguments: list[str], cwd: str, limit_s: float) -> None:
        del cwd, limit_s
        Played.calls.append((function, tuple(arguments)))
        self.looks = Played.looks

    calls: ClassVar[list[tuple[str, tuple[str, ...]]]] = []
    looks = 0
    gives: ClassVar[list[Answer]] = []

    def answer(self, wait_s: float) -> Answer | None:
        del wait_s
        self.looks -= 1
        return (
            None if self.looks >= 0 else Played.gives[min(len(Played.calls), len(Played.gives)) - 1]
        )

    def end(self) -> None:
        Played.calls.append(("ended", ()))


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> type[Played]:
    monkeypatch.setattr(followers, "FunctionProcess", Played)
    Played.calls, Played.looks, Played.gives = [], 0, [Answer({"": [(None, 0.5)]})]
    return Played


def reading(tmp_path: Path, **options: Any) -> FunctionFollower:
    reader = FunctionReader(function="find.py:loss", **options)
    launched = Launched(folder=str(tmp_path), cwd=str(tmp_path))
    made = follow(reader, str(tmp_path / "out.bin"), launched=launched)
    assert isinstance(made, FunctionFollower)
    return made


def look(follower: FunctionFollower, *, ended: bool = True) -> Look:
    return follower.read(ended=ended, limit_bytes=1)


def test_it_is_called_once_when_the_trial_has_ended(tmp_path: Path, played: type[Played]) -> None:
    follower = reading(tmp_path)
    assert look(follower, ended=False) == Look()
    assert "was not called" in follower.problem()
    assert look(follower).measurements == {"metric": Points((0.5,))}
    assert look(follower) == Look()
    assert played.calls == [("find.py:loss", (str(tmp_path),))]


def test_it_is_told_of_the_file_that_was_described(tmp_path: Path, played: type[Played]) -> None:
    look(reading(tmp_path, location="{{ trial.dir }}/out.bin"))
    assert played.calls == [("find.py:loss", (str(tmp_path), f"{tmp_path}/out.bin"))]


def test_the_loop_goes_on_while_it_runs(tmp_path: Path, played: type[Played]) -> None:
    played.looks = 2
    follower = reading(tmp_path, timeout=300)
    assert [look(follower).pending for _ in range(3)] == [True, True, False]
    assert len(played.calls) == 1
    assert follower.patience_s > 300


def test_a_call_that_goes_on_is_ended_with_the_study(tmp_path: Path, played: type[Played]) -> None:
    played.looks = 2
    follower = reading(tmp_path)
    look(follower)
    follower.close()
    assert played.calls[-1] == ("ended", ())


def test_it_is_called_while_the_trial_runs_if_that_is_asked_for(
    tmp_path: Path, played: type[Played]
) -> None:
    played.gives = [
        Answer({"": [(0, 3.0)]}),
        Answer({"": [(0, 3.0), (1, 2.0)]}),
        Answer({"": [(0, 3.0), (1, 2.0), (2, 1.0)]}),
    ]
    follower = reading(tmp_path, every=1e-9)
    assert look(follower, ended=False).measurements["metric"] == Points((3.0,), (0.0,))
    assert look(follower, ended=False).measurements["metric"] == Points((2.0,), (1.0,))
    assert look(follower).measurements["metric"] == Points((1.0,), (2.0,))
    assert len(played.calls) == 3


def test_one_that_was_called_before_the_end_is_called_again(
    tmp_path: Path, played: type[Played]
) -> None:
    played.looks = 1
    follower = reading(tmp_path, every=1.0)
    assert look(follower, ended=False).pending
    assert look(follower).more
    assert look(follower).pending
    assert not look(follower).more
    assert len(played.calls) == 2


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer({}, "ValueError: x"), "function 'find.py:loss': ValueError: x"),
        (Answer({"": [(None, math.nan)]}), "gave nan"),
        (Answer({"acc": [(None, 1.0)]}), "gave 'acc', and not 'metric'"),
    ],
)
def test_why_there_is_no_number_is_told(
    tmp_path: Path, played: type[Played], answer: Answer, told: str
) -> None:
    played.gives = [answer]
    follower = reading(tmp_path)
    look(follower)
    assert told in follower.problem()


def test_what_fails_at_the_end_is_told_beside_what_was_found(
    tmp_path: Path, played: type[Played]
) -> None:
    played.gives = [Answer({"": [(0, 3.0)]}), Answer({}, "ValueError: x")]
    follower = reading(tmp_path, every=1e-9)
    look(follower, ended=False)
    assert "ValueError: x" in look(follower).left_out


class Tensor:
    """As arrays of most libraries are."""

    def __init__(self, held: Any, shape: tuple[int, ...]) -> None:
        self.held, self.shape = held, shape

    def tolist(self) -> Any:
        return self.held

    def item(self) -> Any:
        return self.held

    def __float__(self) -> float:
        return float(self.held)


@pytest.mark.parametrize(
    ("given", "curves"),
    [
        (1, {"": [(None, 1.0)]}),
        (Tensor(0.5, ()), {"": [(None, 0.5)]}),
        (Tensor([1, 2], (2,)), {"": [(None, 1.0), (None, 2.0)]}),
        (Tensor([[1, 0.5], [2, 0.25]], (2, 2)), {"": [(1.0, 0.5), (2.0, 0.25)]}),
        ({1: 0.5, 2: 0.25}, {"": [(1.0, 0.5), (2.0, 0.25)]}),
        (
            {"a": {1: 0.5}, "b": (1, 2, 3)},
            {"a": [(1.0, 0.5)], "b": [(None, 1), (None, 2), (None, 3)]},
        ),
        ([(1, 0.5)], {"": [(1.0, 0.5)]}),
        (math.inf, {"": [(None, math.inf)]}),
        (10**400, None),
        (None, None),
        ("0.5", None),
        (True, None),
        ([], None),
        ({}, None),
        ({"a": None}, None),
        ({"a": 1, 2: 3}, None),
        ({"": 1}, None),
        ([1, (2, 3)], None),
        ([(1, 2), 3], None),
        ([(1, 2, 3)], None),
        ([[[1]]], None),
        (object(), None),
        (1j, None),
    ],
)
def test_what_a_function_may_give(given: Any, curves: dict[str, Any] | None) -> None:
    if curves is None:
        with pytest.raises(TypeError):
            curves_of(given)
    else:
        assert curves_of(given) == curves


def test_whatever_it_raises_is_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    def deep(folder: str) -> float:
        return deep(folder)

    for wrong in (lambda _: sys.exit(), lambda _: 1 / 0, deep, lambda: 1.0, lambda _: [[]] * 2):
        assert '"reason"' in answer_of(lambda wrong=wrong: wrong, ["x"])  # type: ignore[misc]
    assert "Traceback" in capsys.readouterr().err


def test_a_file_and_a_module_are_told_apart() -> None:
    assert target_of("a/b.py:c.d")._replace() == target_of("a/b.py:c.d")
    assert (target_of("a/b.py:c").script, target_of("a.b:c").module) == ("a/b.py", "a.b")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"function": "loss"},
        {"function": ":loss"},
        {"function": "find.py:"},
        {"function": "find.py:lo-ss"},
        {"function": 5},
        {"function": "a:b", "timeout": 0},
        {"function": "a:b", "timeout": True},
        {"function": "a:b", "timeout": math.nan},
        {"function": "a:b", "every": -1},
        {"function": "a:b", "every": 1e9},
        {"function": "a:b", "location": "runs/*/out.bin"},
        {"function": "a:b", "metric": ""},
    ],
)
def test_what_is_no_such_reader_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(SpecError):
        make_reader("function_reader", options)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        ("lost.py:loss", "there is no file 'lost.py'"),
        ("find.py:los", "has no 'los'; it has 'loss'"),
        ("find:los", "has no 'los'; it has 'loss'"),
        ("no_such_module:loss", "there is no module 'no_such_module'"),
        ("broken.py:loss", "is no Python"),
        ("find.py:loss", ""),
        ("find:os", ""),
        ("open.py:anything", ""),
        ("json:loads", ""),
        ("package.part:loss", ""),
    ],
)
def test_a_function_that_is_not_there_is_told_before_anything_starts(
    place: Path, function: str, told: str
) -> None:
    (place / "broken.py").write_text("def loss(:\n")
    (place / "open.py").write_text("if True:\n    from json import *\n")
    (place / "package").mkdir()
    if not told:
        check_readers([FunctionReader(function=function)], str(place))
        return
    with pytest.raises(SpecError, match=told):
        check_readers([FunctionReader(function=function)], str(place))
