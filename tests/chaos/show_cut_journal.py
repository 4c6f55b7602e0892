"""Shows: where the journal was lost or cut while `trials/` stayed, no old number is read as new.

usage: python -m tests.chaos.show_cut_journal [lost | checkpoint | cut]...   (all if none is given)

- lost: the journal is gone; the next life had planned its trials when it was killed.
- checkpoint: the journal is gone; the programs go on from the checkpoints that they find.
- cut: the last lines are cut off while two trials run, and the study goes on with other values.

Exit code 0 if every number in the table was written by a command with that row's values, else 1.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

from tests.chaos.show_stage import ShowStage, show_stage, tell, verdicts

PLAIN = "echo value={{ trial.param.x }} > {{ trial.dir }}/metric.txt"
SAVING = "d={{ trial.checkpoint_dir }}; [ -e $d/x ] || echo {{ trial.param.x }} > $d/x; "
SAVING += "echo value=$(cat $d/x) > {{ trial.dir }}/metric.txt"
# Values below 10 belong to the first life, whose trials wait; those of the second write nothing.
WAITING = "[ {{ trial.param.x }} -gt 9 ] && { : > new.{{ trial.id }}; until [ -e go ]; do sleep "
WAITING += "0.02; done; exit 0; }; : > old.{{ trial.id }}; until [ -e gate ] || "
WAITING += "[ {{ trial.id }} = 0 ]; do sleep 0.02; done; "
WAITING += PLAIN


def lost(stage: ShowStage) -> list[dict[str, Any]]:
    """Bring about what a kill between planning and launching leaves behind a lost journal."""
    stage.run(PLAIN, [1, 2])
    trials, kept = stage.study / "trials", stage.folder / "kept"
    shutil.copytree(trials, kept)
    journal = stage.study / "journal.jsonl"
    journal.unlink()
    stage.run(PLAIN, [10, 20])
    _cut_before(journal, b'"TrialStarted"')
    shutil.rmtree(trials)
    kept.rename(trials)
    return stage.run(PLAIN, [10, 20])


def checkpoint(stage: ShowStage) -> list[dict[str, Any]]:
    """Lose the journal of a study whose programs save."""
    stage.run(SAVING, [1, 2])
    (stage.study / "journal.jsonl").unlink()
    return stage.run(SAVING, [10, 20])


def cut(stage: ShowStage) -> list[dict[str, Any]]:
    """Cut the journal before the two trials that run, and go on with other values."""
    controller = stage.start(WAITING, [1, 2, 3])
    stage.began("old.0", "old.1", "old.2")
    stage.kill(controller)
    _cut_before(stage.study / "journal.jsonl", b'"trial":1')
    controller = stage.start(WAITING, [1, 20, 30])
    stage.began("new.1", "new.2")
    left = stage.left_of(0)
    tell(f"cut: {len(left)} processes of before beside the new trials")
    (stage.folder / "gate").touch()
    stage.until(lambda: not stage.left_of(0), "the end of the old trials")
    (stage.folder / "go").touch()
    controller.wait()
    return stage.rows()


def _cut_before(journal: Path, text: bytes) -> None:
    lines = journal.read_bytes().splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if text in line)
    journal.write_bytes(b"".join(lines[:first]))


CASES = {"lost": lost, "checkpoint": checkpoint, "cut": cut}


def main() -> None:
    problems = []
    for name in sys.argv[1:] or CASES:
        with show_stage() as stage:
            rows = CASES[name](stage)
        tell(f"{name}: table {rows}")
        false = [row["id"] for row in rows if row["value"] not in {None, row["x"]}]
        false += [
            row["id"]
            for row in rows
            if name == "cut" and row["id"] > 0 and row["value"] is not None
        ]
        problems.append(f"{name}: trials {sorted(set(false))} have an old number" if false else "")
    verdicts(*problems)


if __name__ == "__main__":
    main()
