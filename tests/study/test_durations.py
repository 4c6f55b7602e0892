import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.study.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("1.5h", 5400),
        ("1h30m", 5400),
        (" 1h 30m ", 5400),
        ("2min", 120),
        ("2m", 120),
        ("250ms", 0.25),
        ("1D", 86400),
        (90, 90),
        (0.5, 0.5),
    ],
)
def test_durations_as_users_write_them(text: object, seconds: float) -> None:
    assert parse_duration("max_runtime", text) == seconds


@pytest.mark.parametrize(
    "wrong",
    ["", " ", "90", "h", "1x", "1h!", "-1h", "1h,30m", "0s", "1h 30", 0, -1, True, None, [1]],
)
def test_anything_else_is_refused_with_examples(wrong: Any) -> None:
    message = "grace must be a number of seconds above 0 or a text such as '90s', '30m', '8h' or "
    with pytest.raises(SpecError, match=f"^{re.escape(message)}") as caught:
        parse_duration("grace", wrong)
    assert str(caught.value).endswith(f"got {wrong!r}")


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 10**400])
def test_a_number_without_end_is_refused(wrong: float) -> None:
    with pytest.raises(SpecError, match="grace must be a number of seconds above 0"):
        parse_duration("grace", wrong)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(1, 99))
def test_parts_add_up(hours: int, minutes: int, seconds: int) -> None:
    text = f"{hours}h {minutes}m{seconds}s"
    assert parse_duration("x", text) == hours * 3600 + minutes * 60 + seconds
