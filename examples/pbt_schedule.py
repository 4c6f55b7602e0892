"""Fit a line to noisy measurements by stochastic gradient descent, some epochs at a time.

An ordinary training script: it knows nothing of whoever starts it. Some features vary much less
than others, so a high learning rate gets near soon and never comes to rest, and a low one comes
to rest but takes long to get near. Every epoch has new measurements; the error is that of the
prediction on others, without their noise.
"""

import argparse
from pathlib import Path

import joblib
import numpy as np
from sklearn.linear_model import SGDRegressor

SPREAD = np.geomspace(0.06, 1, 30)
"""How much each feature varies."""


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learning_rate", type=float, default=0.01)
    parser.add_argument("--epochs_from", type=int, default=0, help="epochs trained before")
    parser.add_argument("--epochs_to", type=int, default=60, help="epochs trained at the end")
    parser.add_argument("--seed", type=int, default=0, help="of the measurements")
    parser.add_argument("--checkpoint_dir", type=Path, required=True, help="where the model is")
    return parser.parse_args()


def measure(rows: int, noise: float, seed: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return features and targets of the one line that all measurements are of."""
    slopes = 3 * np.random.default_rng(7).normal(size=len(SPREAD))
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(rows, len(SPREAD))) * SPREAD
    return features, features @ slopes + noise * rng.normal(size=rows)


def new_model() -> SGDRegressor:
    """Return a model that has seen nothing."""
    return SGDRegressor(learning_rate="constant", penalty=None, fit_intercept=False, shuffle=False)


def train_epoch(model: SGDRegressor, learning_rate: float, seed: tuple[int, ...]) -> float:
    """Train on one epoch's measurements and return the error afterwards."""
    model.set_params(eta0=learning_rate)
    model.partial_fit(*measure(500, 2.0, (1, *seed)))
    features, targets = measure(1000, 0.0, (0,))
    return float(np.sqrt(np.mean((model.predict(features) - targets) ** 2)))


def main() -> None:
    """Continue the model if there is one, print the error after each epoch, save the model."""
    options = read_options()
    saved = options.checkpoint_dir / "model.joblib"
    model = joblib.load(saved) if options.epochs_from else new_model()
    for epoch in range(options.epochs_from, options.epochs_to):
        error = train_epoch(model, options.learning_rate, (options.seed, epoch))
        print(f"epoch {epoch + 1}: error {error:.5f}", flush=True)
    options.checkpoint_dir.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, saved)


if __name__ == "__main__":
    main()
