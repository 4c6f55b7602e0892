"""What the study is doing, and which trials hold its slots."""

from automl.engine.actions import STOPPING, Phase


class Course:
    """The study's phase.

    Attributes:
        phase: what the study is doing.
        reason: why it is not simply running.
        reached: whether what was wanted of it is there, such as a trial that is good enough.
    """

    def __init__(self) -> None:
        self.phase = Phase.RUNNING
        self.reason = ""
        self.reached = False

    def enter(self, phase: Phase, reason: str) -> None:
        """Pause, drain, detach or go on; a stop stays one."""
        if self.phase not in STOPPING:
            self.phase, self.reason = phase, reason

    def stop(self, phase: Phase, reason: str) -> None:
        """End or be interrupted, whatever was before."""
        self.phase, self.reason = phase, reason


class Slots:
    """The trials that run or are about to.

    Attributes:
        running: for each, the monotonic second at which its attempt began.
        alone: the one beside which nothing may be started, None if there is none.
    """

    def __init__(self) -> None:
        self.running: dict[int, float] = {}
        self.alone: int | None = None

    def take(self, trial_id: int, since_s: float) -> None:
        """Give a slot to a trial, or correct since when it has one."""
        self.running[trial_id] = since_s

    def free(self, trial_id: int) -> None:
        """Take the slot back, if the trial has one."""
        self.running.pop(trial_id, None)
        if self.alone == trial_id:
            self.alone = None
