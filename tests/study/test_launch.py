import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.study.launch import Ended, Exit

UNNAMED = next(
    number
    for number in range(1, signal.NSIG)
    if number not in {member.value for member in signal.Signals}
)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (0, "exit code 0"),
        (1, "exit code 1"),
        (128, "exit code 128"),
        (255, "exit code 255"),
        (-9, "killed by SIGKILL"),
        (137, "killed by SIGKILL"),
        (-15, "killed by SIGTERM"),
        (143, "killed by SIGTERM"),
        (139, "killed by SIGSEGV"),
        (None, "end unseen"),
        (-UNNAMED, f"killed by signal {UNNAMED}"),
        (128 + UNNAMED, f"exit code {128 + UNNAMED}"),
    ],
)
def test_an_end_in_words(code: int | None, text: str) -> None:
    assert str(Exit(code=code)) == text


@pytest.mark.parametrize("member", list(signal.Signals), ids=lambda member: member.name)
def test_each_signal_has_its_name_from_process_and_from_shell(member: signal.Signals) -> None:
    assert Exit(code=-member).signal_name == member.name
    assert Exit(code=128 + member).signal_name == member.name


@given(st.integers(0, 128))
def test_an_ordinary_code_is_no_signal(code: int) -> None:
    assert Exit(code=code).signal_name is None


@given(st.integers(max_value=-1))
def test_a_negative_code_always_is_a_signal(code: int) -> None:
    assert str(Exit(code=code)).startswith("killed by ")


def test_an_unseen_end_has_no_signal() -> None:
    assert Exit(code=None).signal_name is None
    assert Ended(trial_id=1).exit == Exit(code=None)
