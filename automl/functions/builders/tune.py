"""`tune`: trains a model for each combination of options, and keeps the best."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from automl import logs
from automl.brief_errors import ensure_brief_errors
from automl.functions.builders.run_models import check_keras, run_models
from automl.functions.builders.study_of_models import study_of_models
from automl.functions.builders.tuned import Tuned
from automl.functions.create import number_of
from automl.functions.words import CallWords
from automl.inside.models.asked import training_of
from automl.inside.models.own_calls import call_of_script
from automl.spelling.spelling import spelled_by


def tune(  # noqa: PLR0913 - what training takes
    build_model: Callable[..., Any],
    params: Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]],
    *,
    train: Any,  # noqa: ANN401 - data as Keras takes it
    validation: Any = None,  # noqa: ANN401
    steps_per_epoch: int | None = None,
    epochs: int = 1,
    metric: str = "loss",
    direction: str | None = None,
    final: str = "last",
    validation_steps: int | None = None,
    batch_size: int = 32,
    shuffle: bool = True,
    data_fraction: float | None = None,
    stratify: Any = False,  # noqa: ANN401
    class_weight: Mapping[Any, float] | None = None,
    callbacks: Any = (),  # noqa: ANN401
    verbose: Any = 2,  # noqa: ANN401
    **further: Any,  # noqa: ANN401 - keywords of a study
) -> Tuned:
    """Train a Keras model for each combination of options, each in a process of its own.

    What an earlier run of the script has trained is not trained again.

    Args:
        build_model: returns a compiled model; gets all options as keywords, or as one dictionary.
        params: `automl.grid(...)`, a dictionary of lists, or a list of combinations.
        train: a function that returns a generator of batches, or arrays `(x, y)`.
        validation: the same, for a validation after each epoch, whose metric then counts.
        steps_per_epoch: how many batches an epoch has; those of one pass if not given.
        epochs: how many.
        metric: what models are ranked by, as Keras reports it.
        direction: `minimize` or `maximize`; by the name of the metric if not given.
        final: whether the `last` epoch of a model counts and is kept, or the `best`.
        validation_steps: how many batches the validation has; those of one pass if not given.
        batch_size: how many rows of arrays are a batch.
        shuffle: whether the rows of arrays are shuffled, for each pass anew.
        data_fraction: which share of the rows of arrays is trained on.
        stratify: whether each class has that share: True by the targets, or a class for each row.
        class_weight: the weight of each class, by its number; other classes have 1.
        callbacks: one of Keras, several, or a function that makes them.
        verbose: as Keras has it, for the log of each trial.
        further: keywords of a study, such as `max_parallel`, `algorithm` and `max_trial_num`.

    Raises:
        SpecError: an argument is not allowed; a ValueError too.
    """
    ensure_brief_errors()
    logs.ensure_handler()
    own = {name: value for name, value in locals().items() if name not in _POSITIONAL}
    arguments = {**own, **further}
    training = training_of(build_model, params, arguments)
    check_keras()
    call = call_of_script(build_model, sys._getframe(1).f_globals)  # noqa: SLF001
    named = further.get("study_name", further.get("name"))
    plan = study_of_models(number_of(named), replace(training, call=call), arguments)
    with spelled_by(CallWords()):
        run_models(plan)
    return plan.tuned


_POSITIONAL = {"build_model", "params", "further"}
