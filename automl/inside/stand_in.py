"""What `create_study` gives where a script is imported once more: a study that does not run."""

import sys
from typing import Any

from automl.inside.asked.stand_in import AskedStandIns
from automl.inside.calling.importing import reached
from automl.inside.calling.stopping import stop_study


class StudyStandIn(AskedStandIns):
    """Stands for a study of a script that is imported for a trial.

    `optimize` does nothing, and `ask` gives trials of no study. What is asked of it otherwise, the
    study on the disk answers.

    Args:
        make: what returns the study on the disk, a function of the door.
        arguments: its arguments.
    """

    def __init__(self, make: str, *arguments: Any) -> None:  # noqa: ANN401 - as the door has them
        super().__init__()
        self._make = make
        self._arguments = arguments
        self._study: Any = None

    def optimize(self, func: object, *_: object, **__: object) -> None:
        """Do nothing; the import ends here if it is for the sake of this function."""
        reached(func)

    def enqueue_trial(self, *_: object, **__: object) -> None:
        """Do nothing: the script's own run has queued it."""

    def add_trial(self, *_: object) -> None:
        """Do nothing: the script's own run has added it."""

    def add_trials(self, *_: object) -> None:
        """Do nothing, as `add_trial`."""

    def set_user_attr(self, *_: object) -> None:
        """Do nothing: the script's own run has noted it."""

    def set_metric_names(self, *_: object) -> None:
        """Do nothing: the script's own run has named them."""

    def stop(self) -> None:
        """Let the `optimize` that called the objective start nothing more.

        Raises:
            RuntimeError: no objective is called yet.
        """
        if not stop_study():
            raise RuntimeError("`Study.stop` is supposed to be invoked inside an objective")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a study has
        if name.startswith("_"):
            # Asked of a copy in another process that an objective starts, which has nothing yet.
            raise AttributeError(name)
        if self._study is None:
            # Only then, as it takes long to import.
            from importlib import import_module  # noqa: PLC0415

            door = import_module("automl.functions.create")
            self._study = getattr(door, self._make)(*self._arguments)
        return getattr(self._study, name)


def unused(*_: object, **__: object) -> None:
    """Stand for whatever makes a sampler or a pruner, which takes long to import."""


class TunedStandIn:
    """Stands for what `tune` found, which the study on the disk tells if it is asked for.

    Args:
        number: as for `StudyStandIn`.
        training: what its trials do.
        arguments: those of `tune`.
    """

    def __init__(self, number: int, training: Any, arguments: dict[str, Any]) -> None:  # noqa: ANN401
        self._asked = number, training, arguments
        self._tuned: Any = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it has
        if name.startswith("_"):
            raise AttributeError(name)
        if self._tuned is None:
            from importlib import import_module  # noqa: PLC0415 - as above

            door = import_module("automl.functions.builders.study_of_models")
            self._tuned = door.tuned_of(*self._asked)
        return getattr(self._tuned, name)


_unnamed: list[object] = []


def create_study(**keywords: Any) -> StudyStandIn:  # noqa: ANN401 - as the door has them
    """Return what stands for a study."""
    # Which of the script's studies without a name it is, from 1; 0: it has one.
    return StudyStandIn("study_of", _number(keywords), keywords)


def load_study(
    *,
    study_name: str | None = None,
    study_dir: Any = None,  # noqa: ANN401 - any path
    **_: Any,  # noqa: ANN401 - as above
) -> StudyStandIn:
    """Return what stands for a study that is on the disk."""
    return StudyStandIn("loaded", study_name, study_dir, {})


def tune(build_model: Any, params: Any, **arguments: Any) -> TunedStandIn:  # noqa: ANN401
    """End the import if it is for the sake of this call, else return what stands for its result."""
    # Only for scripts that train models.
    from automl.inside.models.asked import training_of  # noqa: PLC0415
    from automl.inside.models.own_calls import call_of_script  # noqa: PLC0415

    training = training_of(build_model, params, arguments)
    reached(training, call_of_script(build_model, sys._getframe(1).f_globals))  # noqa: SLF001
    return TunedStandIn(_number(arguments), training, arguments)


def _number(keywords: dict[str, Any]) -> int:
    """Return which of the script's studies without a name one is, from 1; 0: it has one."""
    if keywords.get("study_name", keywords.get("name")) is not None:
        return 0
    _unnamed.append(keywords)
    return len(_unnamed)
