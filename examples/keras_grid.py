"""Tune a function that builds a Keras model: 12 models of the handwritten digits, a minute or two.

It needs: pip install 'automl-hpo[keras,examples]' jax
"""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")  # before Keras is imported

import keras
from sklearn.datasets import load_digits

import automl

x, y = load_digits(return_X_y=True)
x, y = (x / 16).astype("float32"), keras.utils.to_categorical(y)


def train_generator():
    """Yield the batches of one pass; it is begun again as often as needed."""
    for start in range(0, 1400, 64):
        yield x[start : start + 64], y[start : start + 64]


def build_model(lr, loss, act_in, act_out):
    """Return a compiled model."""
    model = keras.Sequential(
        [keras.Input((64,)), keras.layers.Dense(32, act_in), keras.layers.Dense(10, act_out)]
    )
    model.compile(keras.optimizers.Adam(lr), loss, metrics=["accuracy", keras.metrics.AUC()])
    return model


params = automl.grid(
    {
        "lr": [0.001, 0.0005],
        "loss": ["mean_squared_error"],
        "act_in": ["relu", "swish", "tanh"],
        "act_out": ["tanh", "sigmoid"],
    }
)
found = automl.tune(
    build_model, params, train=train_generator, steps_per_epoch=20, epochs=3, metric="loss"
)
loss, accuracy, auc = found.best_model().evaluate(x[1400:], y[1400:], verbose=0)
print(f"of the digits that it did not see, it knows {accuracy:.0%}")
