"""Parameters that are learnt while a study runs, from the names that its trials ask for."""

from typing import NamedTuple

from automl.errors import SpecError
from automl.inside.ranges import CATEGORICAL, INT, Range
from automl.space.kinds.listed import Categorical
from automl.space.kinds.numeric import Integer, Real
from automl.space.parameter import Parameter
from automl.space.values import ParamValue, value_key


class Offer(NamedTuple):
    """A value that is proposed to a trial for a name.

    Attributes:
        value: the value.
        range: the range that it is from; a trial that asks for the name with another one draws a
            value by itself. None: the value is fixed, whatever the range.
    """

    value: ParamValue
    range: Range | None


def parameter_of(name: str, asked: Range) -> Parameter | None:
    """Return the parameter that has a range's values; None where none can have them."""
    try:
        if asked.kind == CATEGORICAL:
            # Optuna lets a choice be listed twice.
            choices = {value_key(one): one for one in asked.choices}
            return Categorical(name=name, candidates=tuple(choices.values()))
        if asked.kind == INT:
            low, high, step = int(asked.low), int(asked.high), int(asked.step or 1)
            if step == 1:
                return Integer(name=name, min_value=low, max_value=high, log=asked.log)
            return Integer(name=name, min_value=low, max_value=high, step=step)
        return Real(
            name=name, min_value=asked.low, max_value=asked.high, log=asked.log, step=asked.step
        )
    except SpecError:
        return None
