"""What a script pays for calling automl: nothing is imported but the standard library."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = """
import json, sys
before = set(sys.modules)
import automl
automl.report(0.5, step=1)
automl.params()
print(json.dumps(sorted(set(sys.modules) - before)))
"""
SLOW = {"asyncio", "dataclasses", "inspect", "logging", "multiprocessing", "pathlib", "subprocess"}


def test_reporting_imports_little_and_only_the_standard_library(tmp_path: Path) -> None:
    (tmp_path / "params.json").write_text("{}")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={"PYTHONPATH": str(ROOT), "AUTOML_TRIAL_DIR": str(tmp_path), "AUTOML_MARK": "5ad3:7"},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert imported - {"automl"} <= set(sys.stdlib_module_names)
    assert imported & SLOW == set()
    assert (tmp_path / "reports.jsonl").read_text() == '{"value": 0.5, "step": 1}\n'
