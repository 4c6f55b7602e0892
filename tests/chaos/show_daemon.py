"""Shows: a daemon that a trial left is not taken for the trial, and is stopped.

usage: python -m tests.chaos.show_daemon [TRIES]   (8 if not given)

The controller is killed just after a launch, before it can write that down. The trial writes its
number, leaves a daemon that leads a session, and ends. Exit code 0 if each time the next controller
collected the trial, ended, and nothing was left, else 1.
"""

import sys

from tests.chaos.show_stage import ShowStage, show_stage, tell, verdicts

CMD = "setsid sh -c ': > daemon; exec sleep 600' & until [ -e daemon ]; do sleep 0.01; done; "
CMD += "echo value={{ trial.param.x }} > {{ trial.dir }}/metric.txt"


def show(stage: ShowStage) -> str:
    """Play one try; return what broke the promise."""
    stage.start(CMD, [5], die_after_launch=True).wait()
    exit_file = stage.study / "trials" / "0" / "exit"
    stage.until(lambda: exit_file.exists() and exit_file.read_text().endswith("\n"), "its end")
    daemons = len(stage.left_of(0))
    controller = stage.start(CMD, [5])

    def adopted() -> bool:
        return "adopted, still running" in stage.log.read_text()

    stage.until(lambda: adopted() or controller.poll() is not None, "the study's end")
    if adopted():
        stage.kill(controller)
        return "the daemon was adopted as the trial"
    rows, left = stage.rows(), stage.left_of(0)
    tell(f"{daemons} processes were left by the trial, {len(left)} by the study; table {rows}")
    if left:
        return f"{len(left)} processes were left"
    return "" if [row["value"] for row in rows] == [5] else f"the table is wrong: {rows}"


def main() -> None:
    problems = []
    for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else 8):
        with show_stage() as stage:
            problem = show(stage)
        problems.append(f"try {number}: {problem}" if problem else "")
    verdicts(*problems)


if __name__ == "__main__":
    main()
