"""The parameters of a space of Orion, with the budget and the defaults that priors tell."""

from typing import Any

from automl.studies.foreign.orion.priors import prior_of
from automl.studies.foreign.parameters import Parameters, placed_here, placeholder
from automl.studies.foreign.space import Argument

NAMELESS = "Orion does not name the metric, and minimizes it: give --minimize NAME"
"""What is told of what trials are ranked by."""

_BUDGET = "{{ trial.budget }}"


class Priors:
    """Collects the priors of a space, in its order.

    Attributes:
        parameters: what they become.
        budget: that of a fidelity; None without one.
    """

    def __init__(self) -> None:
        self.parameters = Parameters()
        self.budget: dict[str, Any] | None = None
        self._defaults: dict[str, Any] = {}

    def add(self, name: str, text: str, place: str) -> str:
        """Take in a prior; return what stands in a template for its value.

        Raises:
            SpecError: it is not as Orion has it.
        """
        with placed_here(place):
            prior = prior_of(text)
            if prior.budget is not None:
                self.budget = {"name": name.rpartition(".")[2].replace("-", "_"), **prior.budget}
                return _BUDGET
            assert prior.made is not None  # noqa: S101 - it is one of the two
            self.parameters.add(name, prior.made, place)
        if prior.default is not None:
            self._defaults[name] = prior.default
        return placeholder(name)

    def keywords(self) -> dict[str, Any]:
        """Return the keywords of a study: the space, the budget, what is tried first."""
        study: dict[str, Any] = {"hyperparams": self.parameters.described}
        if self.budget is not None:
            study["budget"] = self.budget
        if self._defaults and self._defaults.keys() == set(self.parameters.names):
            study["start_with"] = [self._defaults]
        return study

    def notes(self) -> list[str]:
        """Return in what they differ."""
        if self._defaults and self._defaults.keys() != set(self.parameters.names):
            told = ", ".join(self._defaults)
            note = "a combination that is tried first needs all of them (start_with)"
            return [*self.parameters.notes, f"default_value of {told} is left out: {note}"]
        return self.parameters.notes

    def arguments(self) -> tuple[Argument, ...]:
        """Return how a command is told the values."""
        found = self.parameters.options()
        if self.budget is None:
            return found
        return (*found, Argument((), (f"--{self.budget['name']}", _BUDGET)))
