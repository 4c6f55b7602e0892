"""Running a study of models: what is not trained yet is trained, and what was found is shown."""

import importlib.util
import sys

from automl.errors import SpecError
from automl.functions.builders.settings import keep_settings, settings_of, warn_of_changed
from automl.functions.builders.study_of_models import ModelStudy
from automl.functions.builders.telling import ModelObserver, show_line, tell_plan
from automl.functions.builders.tuned import shown_params
from automl.functions.calls import Call, call_state
from automl.functions.prepared_call import prepared_call
from automl.studies.running import controller_of, run_to_end
from automl.studies.study import Study as StudyOnDisk
from automl.studies.telling.end import leave, show_end
from automl.study.limits import NO_LIMIT

_CALL = Call(1)
"""A study of models has one call, which a script or a cell makes again."""


def check_keras() -> None:
    """Raise SpecError where Keras is not installed."""
    if "keras" not in sys.modules and importlib.util.find_spec("keras") is None:
        raise SpecError(
            "tune needs Keras 3, which is not installed: pip install 'automl-hpo[keras]', and what "
            "it computes with, such as jax"
        )


def run_models(plan: ModelStudy) -> None:
    """Train what is not trained yet, and show the table and the best options.

    Raises:
        SpecError: the study cannot work, or its data cannot be given to other processes.
        SystemExit: the user interrupted it (code 130), after its table was shown.
    """
    folder = plan.study.folder
    fresh = bool(plan.keywords.get("fresh"))
    trials = StudyOnDisk(folder).trials if folder.journal.is_file() and not fresh else ()
    most = call_state(trials, _CALL).most(min(plan.models, NO_LIMIT))
    keywords = {**plan.keywords, "max_trial_num": most}
    study = prepared_call(plan.training, folder, keywords, _CALL, unnamed=plan.unnamed)
    study.begin()
    settings = settings_of(plan.training)
    if trials:
        warn_of_changed(settings, folder)
    parallel = study.spec.limits.max_parallel
    tell_plan(plan, parallel)
    controller = controller_of(
        study,
        around=lambda inner: ModelObserver(
            inner, plan.models, parallel, began=lambda: keep_settings(settings, folder)
        ),
    )
    result = run_to_end(controller)
    show_end(study.spec, folder, result, StudyOnDisk(folder)._table_text)  # noqa: SLF001
    if result.best is not None and result.best.value is not None:
        show_line(f"Best params found: {shown_params(plan.tuned.best_params)}\n")
    if result.signal:
        leave(result.signal)
