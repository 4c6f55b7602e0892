"""How long a trial is, by an expression over its parameters."""

import math

from automl.errors import RenderError, SpecError
from automl.render.context import PARAM_PREFIX, TemplateContext
from automl.render.names.placeholders import check_placeholders
from automl.render.typed import TypedTemplate
from automl.space.space import Params, SearchSpace

_DRAWS = 100
"""With so many random combinations it is tried before the study starts."""


class TrialLength:
    """The last step that a trial prints: `length=` of a pruner.

    Args:
        text: a placeholder or expression, such as `{{ trial.param.epochs }}`, or a number.
        space: the parameters.

    Raises:
        SpecError: it uses something else than parameters, or gives no number above 0.
    """

    def __init__(self, text: str | float, space: SearchSpace) -> None:
        self._template = TypedTemplate(text, where="pruner: length")
        check_placeholders(self._template.templates, space.names)
        for template in self._template.templates:
            for name in template.placeholders():
                if not name.startswith(PARAM_PREFIX):
                    raise SpecError(
                        f"pruner: length={text!r} uses {name}; it may use the trial's parameters "
                        "only, as in length='{{ trial.param.epochs }}'"
                    )
        for params in space.draws(_DRAWS):
            found = self._value(params)
            if found is not None and self.of(params) is None:
                raise SpecError(
                    f"pruner: length={text!r} gives {found!r} with {dict(params)}; give the last "
                    "step that a trial prints, a number above 0"
                )

    def of(self, params: Params) -> float | None:
        """Return the last step of a trial, None where it cannot be told."""
        found = _number(self._value(params))
        return found if found is not None and 0 < found < math.inf else None

    def _value(self, params: Params) -> object:
        context = TemplateContext(
            trial_id=0, params=params, trial_dir="", seed=0, study_name="", study_dir=""
        )
        try:
            return self._template.value(context)
        except RenderError:
            # A parameter that is off in this trial.
            return None


def _number(value: object) -> float | None:
    """Return the number that a value is, or that a text tells; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
