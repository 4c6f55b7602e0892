"""What the documentation tells to write, as files: a package, and a script that uses it."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def blocks(page: str, language: str) -> list[str]:
    """Return the code blocks of one language of a page of docs/contributing, in order."""
    text = (ROOT / "docs/contributing" / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def install(site: Path, module: str, source: str, entry_points: str) -> None:
    """Install a package of one module, as pip would: with its entry points beside it."""
    (group, name, value), *_ = re.findall(r'entry-points\."(\S+)"\]\n(\S+) = "(\S+)"', entry_points)
    site.mkdir()
    (site / f"{module}.py").write_text(source, "utf-8")
    kept = site / f"{module}-1.0.dist-info"
    kept.mkdir()
    (kept / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (kept / "entry_points.txt").write_text(f"[{group}]\n{name} = {value}\n")


def run(script: str, folder: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Run a script as a user does, from its folder, where a package is installed."""
    (folder / "tune.py").write_text(script, "utf-8")
    return _python(folder, site, "tune.py")


def run_tests(source: str, folder: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests that a package's author wrote."""
    (folder / "test_toy.py").write_text(source, "utf-8")
    return _python(folder, site, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_toy.py")


def _python(folder: Path, site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{site}:{ROOT}", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
