"""Standard functions as tasks; how long an evaluation takes depends on the parameters too."""

import itertools
import math
from collections.abc import Callable

from benchmarks.search.task import Axis, Task, Values

HARTMANN_WEIGHTS = (1.0, 1.2, 3.0, 3.2)
HARTMANN_SCALES = (
    (10, 3, 17, 3.5, 1.7, 8),
    (0.05, 10, 17, 0.1, 8, 14),
    (3, 3.5, 1.7, 10, 17, 8),
    (17, 8, 0.05, 10, 0.1, 14),
)
HARTMANN_CENTRES = (
    (0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886),
    (0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991),
    (0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650),
    (0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381),
)


def branin(values: Values) -> float:
    """Return Branin's function, which has three equal minima."""
    x, y = values["x0"], values["x1"]
    ridge: float = y - 5.1 * x**2 / (4 * math.pi**2) + 5 * x / math.pi - 6
    return ridge**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann(values: Values) -> float:
    """Return Hartmann's function of six parameters."""
    point = list(values.values())
    total = 0.0
    for weight, scales, centre in zip(
        HARTMANN_WEIGHTS, HARTMANN_SCALES, HARTMANN_CENTRES, strict=True
    ):
        far = sum(a * (x - c) ** 2 for a, x, c in zip(scales, point, centre, strict=True))
        total -= weight * math.exp(-far)
    return total


def rosenbrock(values: Values) -> float:
    """Return Rosenbrock's function, a bent valley."""
    point = list(values.values())
    pairs = itertools.pairwise(point)
    return float(sum(100 * (after - x**2) ** 2 + (1 - x) ** 2 for x, after in pairs))


def ackley(values: Values) -> float:
    """Return Ackley's function, one funnel under many ripples."""
    point = list(values.values())
    size = len(point)
    far = math.sqrt(sum(x**2 for x in point) / size)
    ripples = sum(math.cos(2 * math.pi * x) for x in point) / size
    return 20 + math.e - 20 * math.exp(-0.2 * far) - math.exp(ripples)


def mixed(values: Values) -> float:
    """Return a made-up loss of three kinds of models with parameters of their own; best: 0.08."""
    loss = 0.1 * (1 - values["share"]) ** 2
    if values["model"] == "tree":
        return float(
            loss
            + 0.14
            + 0.3 * ((values["depth"] - 7) / 11) ** 2
            + 0.1 * math.log10(values["leaf"] / 5) ** 2
        )
    loss += {"none": 0.1, "standard": 0.0, "log": 0.04}[values["prepare"]]
    if values["model"] == "kernel":
        return float(loss + 0.12 + 0.5 * (1 - math.exp(-((math.log10(values["width"]) - 1) ** 2))))
    loss += 0.4 * (1 - math.exp(-((math.log10(values["rate"]) + 2.5) ** 2) / 2))
    loss += 0.03 * abs(math.log2(values["units"] / 128))
    if values["optimizer"] == "adam":
        return float(loss + 0.1)
    return float(loss + 0.08 + 0.15 * (values["momentum"] - 0.9) ** 2)


def _mixed_axes() -> tuple[Axis, ...]:
    net, sgd = {"model": ("net",)}, {"optimizer": ("sgd",)}
    return (
        Axis(name="share", type="Real", low=0.1, high=1.0),
        Axis(name="model", type="Categorical", candidates=("tree", "kernel", "net")),
        Axis(
            name="prepare",
            type="Categorical",
            candidates=("none", "standard", "log"),
            when={"model": ("kernel", "net")},
        ),
        Axis(name="depth", type="Integer", low=1, high=12, when={"model": ("tree",)}),
        Axis(
            name="leaf",
            type="Categorical",
            candidates=(1, 2, 5, 10, 20, 50, 100),
            when={"model": ("tree",)},
        ),
        Axis(name="width", type="Real", low=1e-3, high=1e3, log=True, when={"model": ("kernel",)}),
        Axis(name="rate", type="Real", low=1e-5, high=1.0, log=True, when=net),
        Axis(name="units", type="Categorical", candidates=(16, 32, 64, 128, 256), when=net),
        Axis(name="optimizer", type="Categorical", candidates=("adam", "sgd"), when=net),
        Axis(name="momentum", type="Real", low=0.0, high=0.99, when=sgd),
    )


def cube(size: int, low: float, high: float) -> tuple[Axis, ...]:
    """Return so many ranges with the same ends."""
    return tuple(Axis(name=f"x{place}", type="Real", low=low, high=high) for place in range(size))


def slower_by(axis: Axis) -> Callable[[Values], float]:
    """Return how long a training takes: from a half to twice the usual, by one parameter."""
    return lambda values: 4 ** axis.place_of(values[axis.name])


def _task(
    about: str, function: Callable[[Values], float], axes: tuple[Axis, ...], best: float
) -> Task:
    return Task(
        name=function.__name__,
        about=about,
        axes=axes,
        maximize=False,
        best=best,
        truth=function,
        curve=lambda values, _: (function(values),),
        seconds=slower_by(axes[0]),
    )


FUNCTIONS = {
    task.name: task
    for task in (
        _task(
            "two numbers, three minima",
            branin,
            (
                Axis(name="x0", type="Real", low=-5, high=10),
                Axis(name="x1", type="Real", low=0, high=15),
            ),
            0.397887,
        ),
        _task("six numbers", hartmann, cube(6, 0, 1), -3.32237),
        _task("five numbers, a bent valley", rosenbrock, cube(5, -2, 2), 0.0),
        _task("five numbers, many ripples", ackley, cube(5, -4, 6), 0.0),
        _task("three models, ten conditional parameters", mixed, _mixed_axes(), 0.08),
    )
}
