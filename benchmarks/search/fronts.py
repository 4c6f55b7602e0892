"""Tasks of two objectives: standard functions, made-up models, and a table of trainings."""

import itertools
import math
from collections.abc import Iterator

from benchmarks.search.front import Front
from benchmarks.search.functions import cube, slower_by
from benchmarks.search.hypervolume import Point
from benchmarks.search.tables import between, load
from benchmarks.search.task import Axis, Values

FINE = 1000
"""Points of a known front that is a curve."""

PARTS = 8
"""Into so many parts the ranges between trained points are cut, to look for the best front."""

UNITS = (8, 16, 32, 64, 128)


def zdt1(values: Values) -> Point:
    """Return Zitzler, Deb and Thiele's first problem, here of six numbers."""
    first, *others = values.values()
    far = 1 + 9 * sum(others) / len(others)
    return first, far * (1 - math.sqrt(first / far))


def _zdt1_front() -> Iterator[Point]:
    for place in range(FINE + 1):
        first = (place / FINE) ** 2  # the front is steep at its beginning
        yield first, 1 - math.sqrt(first)


def fonseca(values: Values) -> Point:
    """Return Fonseca and Fleming's problem, here of three numbers."""
    point = list(values.values())
    centre = 1 / math.sqrt(len(point))
    return (
        1 - math.exp(-sum((x - centre) ** 2 for x in point)),
        1 - math.exp(-sum((x + centre) ** 2 for x in point)),
    )


def _fonseca_front() -> Iterator[Point]:
    for place in range(FINE + 1):
        x = (2 * place / FINE - 1) / math.sqrt(3)
        yield fonseca({"x0": x, "x1": x, "x2": x})


def models(values: Values) -> Point:
    """Return a made-up error, and the milliseconds of one answer, of three kinds of models."""
    error = {"none": 0.06, "standard": 0.0, "log": 0.03}[values["prepare"]]
    if values["model"] == "tree":
        work = values["depth"] * math.log2(values["trees"])
        error += 0.14 + 0.35 * math.exp(-work / 15)
        return error, 0.05 + 0.002 * values["depth"] * values["trees"]
    if values["model"] == "kernel":
        error += 0.08 + 0.2 * (1 - values["share"]) ** 2
        error += 0.3 * (1 - math.exp(-((math.log10(values["width"]) - 1) ** 2)))
        return error, 0.2 + 1.5 * values["share"]
    size = values["units"] * values["layers"]
    error += 0.04 + 0.5 / math.sqrt(size)
    error += 0.3 * (1 - math.exp(-((math.log10(values["rate"]) + 2.5) ** 2) / 2))
    return error, 0.2 + 0.03 * size


def _models_front() -> Iterator[Point]:
    sizes = (
        *({"model": "tree", "depth": d, "trees": t} for d in range(1, 13) for t in range(5, 201)),
        *({"model": "kernel", "width": 10, "share": 0.1 + 0.9 * n / FINE} for n in range(FINE + 1)),
        *(
            {"model": "net", "rate": 10**-2.5, "units": units, "layers": layers}
            for units, layers in itertools.product(UNITS, (1, 2, 3))
        ),
    )
    yield from (models({"prepare": "standard", **size}) for size in sizes)


def _models_axes() -> tuple[Axis, ...]:
    tree, kernel, net = ({"model": (kind,)} for kind in ("tree", "kernel", "net"))
    return (
        Axis(name="model", type="Categorical", candidates=("tree", "kernel", "net")),
        Axis(name="prepare", type="Categorical", candidates=("none", "standard", "log")),
        Axis(name="depth", type="Integer", low=1, high=12, when=tree),
        Axis(name="trees", type="Integer", low=5, high=200, when=tree),
        Axis(name="share", type="Real", low=0.1, high=1.0, when=kernel),
        Axis(name="width", type="Real", low=1e-3, high=1e3, log=True, when=kernel),
        Axis(name="units", type="Categorical", candidates=UNITS, when=net),
        Axis(name="layers", type="Integer", low=1, high=3, when=net),
        Axis(name="rate", type="Real", low=1e-5, high=1.0, log=True, when=net),
    )


def _timed(name: str) -> Front:
    """Return the task of a table with two objectives: its score, and the seconds it takes."""
    task = load(name)

    def truths(values: Values) -> Point:
        return task.truth(values), task.seconds(values)

    return Front(
        name=f"{name}-seconds",
        about=f"{task.about}: the score, and the seconds of the training",
        axes=task.axes,
        directions=("maximize", "minimize"),
        truths=truths,
        known=lambda: map(truths, between(name, PARTS)),
        seconds=task.seconds,
    )


ZDT1_AXES, FONSECA_AXES, MODELS_AXES = cube(6, 0, 1), cube(3, -4, 4), _models_axes()

FRONTS = {
    front.name: front
    for front in (
        Front(
            name="zdt1",
            about="six numbers, of which one chooses the place on the front",
            axes=ZDT1_AXES,
            truths=zdt1,
            known=_zdt1_front,
            seconds=slower_by(ZDT1_AXES[0]),
        ),
        Front(
            name="fonseca",
            about="three numbers, two opposite peaks",
            axes=FONSECA_AXES,
            truths=fonseca,
            known=_fonseca_front,
            seconds=slower_by(FONSECA_AXES[0]),
        ),
        Front(
            name="models",
            about="three models: error and milliseconds, seven conditional parameters",
            axes=MODELS_AXES,
            truths=models,
            known=_models_front,
            seconds=slower_by(MODELS_AXES[0]),
        ),
        _timed("digits"),
        _timed("mlp"),
    )
}
