"""The digits example, small: the manual's script with three cheap combinations."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

SMALLER = {
    "candidates=[10, 20, 30, 40, 50, 60, 70, 80, 90]": "candidates=[10]",
    "candidates=[4, 3, 2]": "candidates=[2]",
    "candidates=[2, 3, 4, 5]": "candidates=[2]",
    "candidates=[0.01, 0.02, 0.04, 0.08, 0.16, 0.32]": "candidates=[0.01, 0.08, 0.32]",
    "max_trial_num=20": "max_trial_num=3",
}


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("sklearn") is None, reason="needs the extra 'examples'"
)
def test_the_example_ends_with_the_known_numbers(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    run_script: Callable[[str], tuple[int, str, str]],
) -> None:
    text = (EXAMPLES / "test.py").read_text(encoding="utf-8")
    for old, new in SMALLER.items():
        assert text.count(old) == 1, f"examples/test.py has no {old!r} to make smaller"
        text = text.replace(old, new)
    (place / "test.py").write_text(text, encoding="utf-8")
    shutil.copy(EXAMPLES / "digits_model.py", place)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    code, out, err = run_script("test.py")
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0].startswith("LocalReader(location=")
    assert lines[3].split() == ["lr", "metric", "id"]
    rows = [line.split() for line in lines[4:7]]
    assert rows[0][:3] == ["0", "0.32", "0.8723"]
    assert rows[2][:3] == ["2", "0.01", "0.7035"]
    assert lines[7] == "the same in all trials: d=2 n=10 s=2"
    assert sorted(row[3] for row in rows) == ["0", "1", "2"]
    assert all((place / "sk_log" / row[3] / "metric.log").exists() for row in rows)
