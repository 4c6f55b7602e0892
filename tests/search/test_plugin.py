from typing import Any

import pytest
from optuna.samplers import RandomSampler

from automl.errors import SpecError
from automl.search.plugin import load_sampler


class Seedless(RandomSampler):
    def __init__(self, *, size: int = 3) -> None:
        if size < 0:
            raise ValueError("size is below 0")
        super().__init__()


NotASampler = 5
HERE = __name__


def test_a_class_is_found_and_asked_whether_it_takes_a_seed() -> None:
    assert load_sampler("optuna.samplers:RandomSampler", {}) == (RandomSampler, True)
    assert load_sampler(f"{HERE}:Seedless", {"size": 5}) == (Seedless, False)


@pytest.mark.parametrize(
    ("name", "options", "why"),
    [
        ("no.such.module:Sampler", {}, "module 'no.such.module' cannot be imported"),
        (":Sampler", {}, "module '' cannot be imported"),
        ("optuna.samplers:RandomSampel", {}, r"did you mean 'RandomSampler'\?"),
        (f"{HERE}:NotASampler", {}, "is no sampler of Optuna.*: RandomSampler, Seedless"),
        ("json:dumps", {}, "is no sampler of Optuna; its samplers: none"),
        ("optuna.samplers:BaseSampler", {}, "cannot be made with the options"),
        ("optuna.samplers:RandomSampler", {"seed": 3}, "seed follows from the study's"),
        (f"{HERE}:Seedless", {"sise": 5}, r"no option 'sise' \(did you mean 'size'\?\)"),
        (f"{HERE}:Seedless", {"size": -1}, "ValueError: size is below 0"),
        (f"{HERE}:Seedless", {"size": {1, 2}}, "must be JSON values"),
        (f"{HERE}:Seedless", {"size": float("nan")}, "must be JSON values"),
    ],
)
def test_a_wrong_one_is_refused_before_the_start(
    name: str, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(SpecError, match=why) as caught:
        load_sampler(name, options)
    assert f"algorithm {name!r}" in str(caught.value)
