"""A study whose trial 0 runs until it is stopped; a second argument kills the controller.

Called with the folder to run in and, if its process is to be killed (-9) in the middle of writing
what became of a request, with how much of it is written then: `none`, `answer`, `torn` or `all`.
"""

import os
import signal
import sys

from automl.hpo import AutoTuner, hyperparam, reader, task


def kill_while_writing(place: str) -> None:
    """End this process as it writes that a request was taken, so far as `place` says."""
    write = os.write

    def writes_and_dies(file: int, data: bytes) -> int:
        taken = data.find(b'"event":"RequestTaken"')
        if taken < 0:
            return write(file, data)
        answer = data.index(b"\n", taken) + 1
        ends = {"none": 0, "answer": answer, "torn": answer + 9, "all": len(data)}
        write(file, data[: ends[place]])
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    os.write = writes_and_dies


def waiting_study() -> AutoTuner:
    """Return the study: trial 0 waits, trial 1 ends at once."""
    command = 'test "$1" = 1 && echo 0.5 || exec sleep 300'
    metric = reader.create(
        type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"(\S+)"
    )
    cmd = ["sh", "-c", command, "sh", "{{ trial.param.x }}"]
    return AutoTuner(
        hyperparams=[hyperparam.create(type="Categorical", name="x", candidates=[0, 1])],
        task_list=[task.create(type="BashTask", cmd=cmd, metric_reader=metric)],
        algorithm="grid",
        max_parallel=1,
        max_trial_num=2,
        name="study",
    )


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    if len(sys.argv) > 2:
        kill_while_writing(sys.argv[2])
    waiting_study().fit()
