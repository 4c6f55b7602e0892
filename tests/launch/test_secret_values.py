"""No secret stands in what is kept of a trial's output."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.launch.secret_values import MASK, SecretValues
from automl.loop.trials.output import last_lines

KEY = "s3cr3t-\"k'ey\\-0123"
PEM = "-----BEGIN KEY-----\nabcdefghij\nklmnopqrst\n-----END KEY-----\n"


@pytest.mark.parametrize(
    "text", [KEY, f"key={KEY};", repr(KEY), json.dumps({"key": KEY}), f"{KEY}{KEY}"]
)
def test_a_secret_is_masked_however_it_is_written(text: str) -> None:
    shown = SecretValues([KEY]).masked(text)
    assert "s3cr3t" not in shown
    assert "0123" not in shown
    assert "***" in shown


def test_a_url_and_the_lines_of_a_key_are_masked() -> None:
    assert SecretValues(["p/w d+1"]).masked("http://u:p%2Fw%20d%2B1@h") == "http://u:***@h"
    assert SecretValues([PEM]).masked("x abcdefghij y\nklmnopqrst") == "x *** y\n***"


def test_the_beginning_of_a_secret_at_a_cut_is_masked() -> None:
    secrets = SecretValues(["s3cr3t-key-0123456789"])
    assert secrets.masked("its last lines: 'key s3cr3t-key-01'") == "its last lines: 'key ***'"
    assert secrets.masked("key s3cr3t-key-01") == "key ***"
    assert secrets.masked("s3cr3t-key-other") == "s3cr3t-key-other"


def test_blank_values_mask_nothing() -> None:
    assert SecretValues(["", " "]).masked("a b") == "a b"


@given(st.text(st.characters(exclude_characters="\0"), min_size=1), st.text(), st.text())
def test_no_text_keeps_a_secret(secret: str, before: str, after: str) -> None:
    shown = SecretValues([secret]).masked(before + secret + after)
    assert not secret.strip() or secret in MASK or secret not in shown.replace(MASK, "\0")


@pytest.mark.parametrize("cut", range(0, 24, 5))
def test_a_secret_that_the_tail_cuts_leaves_nothing(tmp_path: Path, cut: int) -> None:
    value = "s3cr3t-key-0123456789abc"
    path = tmp_path / "stderr.log"
    path.write_text("x" * 500 + value + "y" * (8192 - cut))
    (line,) = last_lines(str(path), SecretValues([value]))
    assert set(line) <= {"x", "y", "*"}
    path.write_text("x" * 500 + value + "y" * (8192 + len(value) - cut))
    (line,) = last_lines(str(path), SecretValues([value]))
    assert set(line) <= {"x", "y", "*"}
