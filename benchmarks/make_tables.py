"""Make the tables of benchmarks/data: real trainings, each done once.

`python -m benchmarks.make_tables` needs scikit-learn and about eight minutes of one core. The
tables are committed, so nobody has to; scores depend little, times much on the machine.
"""

import argparse
import gzip
import itertools
import json
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"

Values: TypeAlias = dict[str, Any]
Curve: TypeAlias = list[float]

SCALE = 10_000
"""Scores are kept as whole numbers of a ten-thousandth, which pack well."""


def number(name: str, grid: Sequence[float], *, log: bool, **more: object) -> Values:
    """Return a range of numbers, trained at the points of `grid`."""
    ends = {"low": grid[0], "high": grid[-1]}
    return {"name": name, "type": "Real", **ends, "log": log, "grid": list(grid), **more}


def listed(name: str, candidates: Sequence[object], **more: object) -> Values:
    """Return a list of values, all of them trained."""
    return {"name": name, "type": "Categorical", "candidates": list(candidates), **more}


def whole(name: str, low: int, high: int, step: int = 1, **more: object) -> Values:
    """Return a range of whole numbers, all of them trained."""
    return {"name": name, "type": "Integer", "low": low, "high": high, "step": step, **more}


def every(axes: Sequence[Values]) -> Iterator[Values]:
    """Yield each combination of the points; a parameter that does not hold is left out."""
    points = [axis.get("grid") or axis.get("candidates") or _whole_points(axis) for axis in axes]
    seen = set()
    for point in itertools.product(*points):
        values: Values = {}
        for axis, value in zip(axes, point, strict=True):
            when = axis.get("when", {})
            if all(values.get(name) in allowed for name, allowed in when.items()):
                values[axis["name"]] = value
        key = json.dumps(values)
        if key not in seen:
            seen.add(key)
            yield values


def _whole_points(axis: Values) -> list[int]:
    return list(range(axis["low"], axis["high"] + 1, axis["step"]))


def digits() -> Values:
    """Boosted trees on digits: the 648 combinations of examples/test.py, as 72 long trainings."""
    from sklearn.datasets import load_digits  # type: ignore[import-untyped] # noqa: PLC0415
    from sklearn.ensemble import (  # type: ignore[import-untyped] # noqa: PLC0415
        GradientBoostingClassifier,
    )
    from sklearn.metrics import f1_score  # type: ignore[import-untyped] # noqa: PLC0415

    data, labels = load_digits(return_X_y=True)
    half = len(data) // 2
    stages = list(range(10, 91, 10))
    axes = [
        listed("n", stages, length=1),
        listed("s", [4, 3, 2]),
        listed("d", [2, 3, 4, 5]),
        listed("lr", [0.01, 0.02, 0.04, 0.08, 0.16, 0.32]),
    ]

    def train(values: Values) -> list[Curve]:
        model = GradientBoostingClassifier(
            n_estimators=stages[-1],
            max_depth=values["d"],
            min_samples_split=values["s"],
            learning_rate=values["lr"],
            random_state=np.random.RandomState(0),
        )
        model.fit(data[:half], labels[:half])
        predicted = model.staged_predict(data[half:])
        return [[f1_score(labels[half:], one, average="weighted") for one in predicted]]

    return _table("digits", axes, train, about="boosted trees on digits, examples/test.py")


def svm() -> Values:
    """A support vector machine on ten folds; which parameters it has depends on the kernel."""
    from sklearn.datasets import load_breast_cancer  # noqa: PLC0415
    from sklearn.model_selection import (  # type: ignore[import-untyped] # noqa: PLC0415
        cross_val_score,
    )
    from sklearn.pipeline import make_pipeline  # type: ignore[import-untyped] # noqa: PLC0415
    from sklearn.preprocessing import (  # type: ignore[import-untyped] # noqa: PLC0415
        MinMaxScaler,
        StandardScaler,
    )
    from sklearn.svm import SVC  # type: ignore[import-untyped] # noqa: PLC0415

    data, labels = load_breast_cancer(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(data))
    scalers = {"none": "passthrough", "standard": StandardScaler(), "minmax": MinMaxScaler()}
    axes = [
        listed("kernel", ["linear", "poly", "rbf", "sigmoid"]),
        listed("scale", list(scalers)),
        number("C", [0.01, 0.1, 1.0, 10.0, 100.0, 1000.0], log=True),
        number(
            "gamma",
            [1e-4, 1e-3, 0.01, 0.1, 1.0],
            log=True,
            when={"kernel": ["poly", "rbf", "sigmoid"]},
        ),
        whole("degree", 2, 4, when={"kernel": ["poly"]}),
        listed("coef0", [0.0, 1.0], when={"kernel": ["poly", "sigmoid"]}),
    ]

    def train(values: Values) -> list[Curve]:
        options = {name: value for name, value in values.items() if name != "scale"}
        # Unscaled data can keep the solver busy for ever.
        model = make_pipeline(scalers[values["scale"]], SVC(**options, max_iter=3000))
        return [list(cross_val_score(model, data[order], labels[order], cv=10))]

    return _table("svm", axes, train, about="SVM on breast cancer, ten folds", final="mean")


def mlp() -> Values:
    """A small neural network on digits, its score after every epoch."""
    from sklearn.datasets import load_digits  # noqa: PLC0415
    from sklearn.neural_network import MLPClassifier  # type: ignore[import-untyped] # noqa: PLC0415

    data, labels = load_digits(return_X_y=True)
    half = len(data) // 2
    axes = [
        listed("solver", ["adam", "sgd"]),
        listed("activation", ["relu", "tanh"]),
        listed("hidden", [8, 32, 96]),
        listed("batch", [16, 64]),
        number("rate", [1e-4, 5e-4, 2.5e-3, 0.0125, 0.0625, 0.3], log=True),
        number("momentum", [0.0, 0.5, 0.95], log=False, when={"solver": ["sgd"]}),
    ]

    def train(values: Values) -> list[Curve]:
        more = {"momentum": values["momentum"]} if "momentum" in values else {}
        model = MLPClassifier(
            (values["hidden"],),
            solver=values["solver"],
            activation=values["activation"],
            batch_size=values["batch"],
            learning_rate_init=values["rate"],
            random_state=0,
            **more,
        )
        curve = []
        for _ in range(25):
            model.partial_fit(data[:half] / 16, labels[:half], classes=range(10))
            curve.append(float(model.score(data[half:] / 16, labels[half:])))
        return [curve]

    return _table("mlp", axes, train, about="neural network on digits, 25 epochs")


def noisy() -> Values:
    """Boosted regression on a small data set: each training draws another test set."""
    from sklearn.datasets import load_diabetes  # noqa: PLC0415
    from sklearn.ensemble import GradientBoostingRegressor  # noqa: PLC0415
    from sklearn.metrics import r2_score  # noqa: PLC0415

    data, target = load_diabetes(return_X_y=True)
    axes = [
        whole("n", 10, 100, 10, length=10),
        number("rate", [0.01, 0.03, 0.09, 0.27, 0.8], log=True),
        whole("depth", 1, 5),
        number("share", [0.2, 0.6, 1.0], log=False),
        listed("leaf", [1, 5, 20]),
    ]

    def train(values: Values) -> list[Curve]:
        return [_one_split(values, seed) for seed in range(8)]

    def _one_split(values: Values, seed: int) -> Curve:
        order = np.random.default_rng(seed).permutation(len(data))
        test, rest = order[:110], order[110:]
        model = GradientBoostingRegressor(
            n_estimators=100,
            learning_rate=values["rate"],
            max_depth=values["depth"],
            subsample=values["share"],
            min_samples_leaf=values["leaf"],
            random_state=seed,
        ).fit(data[rest], target[rest])
        staged = itertools.islice(model.staged_predict(data[test]), 9, None, 10)
        return [max(-1.0, r2_score(target[test], predicted)) for predicted in staged]

    return _table("noisy", axes, train, about="boosted regression on diabetes, another split each")


def _table(
    name: str,
    axes: Sequence[Values],
    train: Callable[[Values], list[Curve]],
    *,
    about: str,
    final: str = "last",
) -> Values:
    """Train at every point; what only says how long a training goes on is left to the longest."""
    trained = [axis for axis in axes if "length" not in axis]
    rows = []
    for values in every(trained):
        began = time.process_time()
        curves: NDArray[np.float64] = np.array(train(values))
        used_s = (time.process_time() - began) / len(curves)
        scores = np.rint(curves * SCALE).astype(int).tolist()
        rows.append([list(values.values()), round(used_s, 4), scores])
    return {"name": name, "about": about, "final": final, "axes": list(axes), "rows": rows}


TABLES = {"digits": digits, "svm": svm, "mlp": mlp, "noisy": noisy}


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, and write one file for each table."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="python -m benchmarks.make_tables", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*TABLES, []], help="these alone")
    names = parser.parse_args(arguments).names or list(TABLES)
    for name in names:
        with warnings.catch_warnings(), threadpool_limits(1):
            warnings.simplefilter("ignore")  # of trainings that do not converge
            text = json.dumps(TABLES[name](), separators=(",", ":"))
        path = DATA / f"{name}.json.gz"
        path.write_bytes(gzip.compress(text.encode(), mtime=0))
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main()
