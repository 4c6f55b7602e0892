"""Train a linear classifier on scikit-learn's digits, and tell automl its accuracy of each epoch.

Three lines are of automl. By hand, `python reporting_model.py`, they do nothing; in a study,

    automl run --maximize accuracy -p alpha=1e-6..1e-1:log -p eta0=1e-5..1.0:log \
        --early-stopping -n 20 -j 2 -- python reporting_model.py

the values are the trial's, and its accuracy is seen while it trains.
"""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier

import automl

EPOCHS = 30

params = automl.params(alpha=1e-4, eta0=0.01)
data, labels = load_digits(return_X_y=True)
half = len(data) // 2
model = SGDClassifier(loss="log_loss", learning_rate="constant", random_state=0, **params)
order = np.random.default_rng(0)
for epoch in range(1, EPOCHS + 1):
    rows = order.permutation(half)
    model.partial_fit(data[rows], labels[rows], classes=range(10))
    accuracy = model.score(data[half:], labels[half:])
    print(f"epoch {epoch}: {accuracy:.4f}")
    automl.report(accuracy, step=epoch)
