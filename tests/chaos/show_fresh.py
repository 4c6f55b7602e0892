"""Shows: after `kill -9`, a study that begins anew has its folder to itself.

usage: python -m tests.chaos.show_fresh [fresh | removed | moved]...   (all three if none is given)

The controller is killed while two trials run. Then the study begins anew with `fresh=True`, after
its folder was removed, or with `fresh=True` after its folder was moved elsewhere. Its trials write
no number; the old ones would write theirs into the new folders. Exit code 0 if the old ones
were stopped before the new ones began and no old number is in the table, else 1.
"""

import shutil
import sys

from tests.chaos.show_stage import ShowStage, show_stage, tell, verdicts

WAIT = "until [ -e {gate} ]; do sleep 0.02; done"
OLD = f": > old.{{{{ trial.id }}}}; {WAIT.format(gate='gate')}; "
OLD += "echo value=99 >> {{ trial.dir }}/metric.txt"
NEW = f": > new.{{{{ trial.id }}}}; {WAIT.format(gate='go')}; : {{{{ trial.param.x }}}}"


def show(stage: ShowStage, how: str) -> list[str]:
    """Play one way to begin anew; return what broke the promise."""
    controller = stage.start(OLD, [1, 2])
    stage.began("old.0", "old.1")
    stage.kill(controller)
    if how == "removed":
        shutil.rmtree(stage.study)
    if how == "moved":
        stage.study.parent.rename(stage.folder / "elsewhere")
    where = "elsewhere" if how == "moved" else "studies"
    new = stage.start(NEW, [3, 4], fresh=how != "removed", where=where)
    stage.began("new.0", "new.1")
    left = stage.left_of(0)
    (stage.folder / "gate").touch()
    stage.until(lambda: not stage.left_of(0), "the end of the old trials")
    (stage.folder / "go").touch()
    new.wait()
    rows = stage.rows()
    tell(f"{how}: {len(left)} processes of before beside the new trials; table {rows}")
    false = [row["id"] for row in rows if row["value"] is not None]
    return [
        f"{how}: {len(left)} processes of the first life ran on beside the second" if left else "",
        f"{how}: trials {false} have a number that none of theirs wrote" if false else "",
    ]


def main() -> None:
    problems: list[str] = []
    for how in sys.argv[1:] or ["fresh", "removed", "moved"]:
        with show_stage() as stage:
            problems += show(stage, how)
    verdicts(*problems)


if __name__ == "__main__":
    main()
