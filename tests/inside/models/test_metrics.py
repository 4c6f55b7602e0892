"""The names of metrics, as Keras reports them and as users write them."""

import pytest

from automl.inside.models.metrics import direction_of, ranked_name, reported_name

REPORTED = ["accuracy", "auc_1", "loss", "mean_squared_error", "head_auc", "val_loss"]


@pytest.mark.parametrize(
    ("metric", "direction"),
    [
        ("loss", "minimize"),
        ("val_loss", "minimize"),
        ("head_loss", "minimize"),
        ("mean_squared_error", "minimize"),
        ("mse", "minimize"),
        ("MAE", "minimize"),
        ("RootMeanSquaredError", "minimize"),
        ("sparse_categorical_crossentropy", "minimize"),
        ("kl_divergence", "minimize"),
        ("false_positives", "minimize"),
        ("FalseNegatives_2", "minimize"),
        ("true_positives", "maximize"),
        ("auc", "maximize"),
        ("AUC", "maximize"),
        ("val_auc_1", "maximize"),
        ("acc", "maximize"),
        ("BinaryAccuracy", "maximize"),
        ("top_k_categorical_accuracy", "maximize"),
        ("loss_head_accuracy", "maximize"),
        ("precision", "maximize"),
        ("recall_at_precision", "maximize"),
        ("recall_at_5", "maximize"),
        ("f1_score", "maximize"),
        ("R2Score", "maximize"),
        ("mean_io_u", None),
        ("accuracy_drop", None),
        ("cosine_similarity", None),
        ("positives", None),
        ("score", None),
        ("mine", None),
        ("", None),
    ],
)
def test_the_name_tells_what_is_better(metric: str, direction: str | None) -> None:
    assert direction_of(metric) == direction


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("loss", "loss"),
        ("val_loss", "val_loss"),
        ("auc", "auc_1"),
        ("AUC", "auc_1"),
        ("Accuracy", "accuracy"),
        ("MeanSquaredError", "mean_squared_error"),
    ],
)
def test_a_metric_is_found_as_users_write_it(metric: str, name: str) -> None:
    assert reported_name(metric, REPORTED) == name


def test_a_metric_that_the_model_lacks_is_told_with_those_that_it_has() -> None:
    with pytest.raises(ValueError, match=r"no metric 'acuracy' \(did you mean 'accuracy'\?\)"):
        reported_name("acuracy", REPORTED)
    with pytest.raises(ValueError, match=r"'accuracy', 'auc_1'.*model.compile\(metrics="):
        reported_name("recall", REPORTED)
    with pytest.raises(ValueError, match="begin with 'val_' need validation="):
        reported_name("val_auc", ["loss"])
    with pytest.raises(ValueError, match="may be 'auc_1' or 'auc_2'"):
        reported_name("auc", ["auc_1", "auc_2"])


def test_with_a_validation_its_metric_counts() -> None:
    assert ranked_name("auc", validated=True) == "val_auc"
    assert ranked_name("val_auc", validated=True) == "val_auc"
    assert ranked_name("auc", validated=False) == "auc"
