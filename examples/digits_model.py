"""Train gradient boosting on scikit-learn's digits and write its score after every stage.

An ordinary training script: it knows nothing of whoever starts it. The first half of the data
trains, the second half tests; the score is the weighted-average F1.
"""

import argparse
import sys
from pathlib import Path

import joblib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import classification_report


def share(text: str) -> float:
    """Read a command line value that must lie in (0, 1]."""
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most 1, got {text}")
    return value


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n_estimators", type=int, default=100, help="boosting stages")
    parser.add_argument("--max_depth", type=int, default=3)
    parser.add_argument("--min_samples_split", type=int, default=2)
    parser.add_argument("--learning_rate", type=float, default=0.1)
    parser.add_argument("--trial_id", default="0", help="name of the folder that holds the dump")
    parser.add_argument(
        "--used_data_percent", type=share, default=1.0, help="share of the training rows, (0, 1]"
    )
    parser.add_argument(
        "--checkpoint_id", type=int, default=-1, help="trial to continue from; -1: start afresh"
    )
    parser.add_argument("--dump_file", type=Path, default="./sk_log/0/model.joblib")
    parser.add_argument("--metric_file", type=Path, default="./sk_log/0/metric.log")
    parser.add_argument(
        "--ratio", type=share, default=1.0, help="share of the boosting stages to run, (0, 1]"
    )
    return parser.parse_args()


def load_checkpoint(options: argparse.Namespace) -> GradientBoostingClassifier:
    """Load the model that trial `checkpoint_id` left in the folder beside this trial's."""
    folder = options.dump_file.parent
    if folder.name != options.trial_id:
        sys.exit(f"--dump_file must be in a folder named {options.trial_id}, got {folder}")
    path = folder.with_name(str(options.checkpoint_id)) / options.dump_file.name
    if not path.is_file():
        sys.exit(f"--checkpoint_id {options.checkpoint_id}: there is no {path}")
    model = joblib.load(path)
    # scikit-learn scales every tree by the current rate; keep what the loaded ones contribute.
    for tree in model.estimators_.ravel():
        tree.tree_.value[:] *= model.learning_rate / options.learning_rate
    return model


def main() -> None:
    """Train, dump the model and write one score per stage."""
    options = read_options()
    np.random.seed(0)  # noqa: NPY002 - scikit-learn draws from the global generator
    data, labels = load_digits(return_X_y=True)
    half = len(data) // 2
    rows = max(1, round(half * options.used_data_percent))
    stages = max(1, round(options.n_estimators * options.ratio))

    model = GradientBoostingClassifier(loss="log_loss")
    if options.checkpoint_id != -1:
        model = load_checkpoint(options)
        if len(model.estimators_) > stages:
            sys.exit(f"the checkpoint has {len(model.estimators_)} stages, over the {stages} asked")
    model.set_params(
        n_estimators=stages,
        max_depth=options.max_depth,
        min_samples_split=options.min_samples_split,
        learning_rate=options.learning_rate,
        warm_start=True,
    )
    model.fit(data[:rows], labels[:rows])

    options.dump_file.parent.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, options.dump_file)
    options.metric_file.parent.mkdir(parents=True, exist_ok=True)
    with options.metric_file.open("w") as metrics:
        for predicted in model.staged_predict(data[half:]):
            report = classification_report(labels[half:], predicted, digits=4, zero_division=0)
            print(report.split()[-2], file=metrics, flush=True)


if __name__ == "__main__":
    main()
