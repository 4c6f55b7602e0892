"""The reader by name on what programs of many kinds print: numbers and steps by a name alone."""

from pathlib import Path

import pytest

from automl.readers.registry import follow, make_reader

STYLES = Path(__file__).parent / "log_styles"

Expected = tuple[str, list[float], list[float] | None]

FOUND: dict[str, Expected] = {
    "bayes_opt": ("target", [-7.135, -7.78, -1.11], [1, 2, 10]),
    "caret": ("RMSE", [3.812345, 3.412345], None),
    "catboost": ("test", [0.6812345, 0.6612345, 0.6712345], [0, 1, 2]),
    "classification_report": ("f1-score", [0.93, 0.92, 0.92, 0.92, 0.91], None),
    "coco": ("Average Precision", [0.377], None),
    "csv": ("val_acc", [0.61, 0.72, 0.75], [1, 2, 3]),
    "fairseq": ("valid_loss", [7.1, 4.1], [1, 2]),
    "fastai": ("accuracy", [0.64, 0.79, 0.85], [0, 1, 2]),
    "ffmpeg": ("speed", [1.2, 1.25, 1.27], [100, 200, 250]),
    "huggingface": ("eval_accuracy", [0.71, 0.79], [1, 2]),
    "jax": ("accuracy", [0.61, 0.72], [100, 200]),
    "json_lines": ("val_acc", [0.61, 0.72], [100, 200]),
    "julia_flux": ("loss", [0.9012, 0.7012], [1, 2]),
    "keras": ("val_accuracy", [0.56, 0.66, 0.76], [1, 2, 3]),
    "keras3": ("val_loss", [0.69, 0.59], [1, 2]),
    "libsvm": ("Accuracy", [86.6667], [162]),
    "lightgbm": ("auc", [0.81, 0.85], [10, 20]),
    "lightning": ("val_acc", [0.61, 0.61, 0.72], [0, 1, 1]),
    "lightning_test": ("test_acc", [0.9123456478118896], [10]),
    "logfmt": ("eval/acc", [0.61, 0.72], [1, 2]),
    "logging": ("val_acc", [0.81, 0.84], [3, 4]),
    "markdown": ("val acc", [61.0, 72.5], [1, 2]),
    "mlperf": ("eval_accuracy", [0.612, 0.759], [4, 8]),
    "nanogpt": ("val loss", [4.3, 2.0], [0, 250]),
    "numpy_history": ("val_acc", [0.61, 0.72, 0.75], None),
    "pandas": ("val_acc", [0.61, 0.72], [1, 2]),
    "pgbench": ("tps", [1231.123456], None),
    "prometheus": ("val_acc", [0.91], [3]),
    "pytorch_mnist": ("Accuracy", [98.42, 98.85], [1, 2]),
    "pytorch_tutorial": ("accuracy", [55.0], None),
    "r_data_frame": ("val_acc", [0.61, 0.72, 0.8], [1, 2, 10]),
    "r_print": ("accuracy", [0.87, 0.91], None),
    "rust_burn": ("val_acc", [0.61, 0.72], [1, 2]),
    "spacy": ("SCORE", [0.02, 0.61], [0, 200]),
    "torchvision": ("Acc@1", [0.39, 10.2, 10.5, 9.39, 20.5], [0, 0, 0, 1, 1]),
    "tqdm": ("val_acc", [0.61, 0.72, 0.75], [1, 2, 3]),
    "xgboost": ("eval-auc", [0.79, 0.81, 0.8], [0, 1, 12]),
    "yolo": ("mAP50", [0.751, 0.801], [1, 2]),
}

WITHOUT_STEPS: dict[str, Expected] = {
    # Its steps stand below the metric, or in no column that is called so.
    "stable_baselines": ("ep_rew_mean", [22.3, 26.1], None),
    # Its header has two lines, so only the last line has the name.
    "vowpal_wabbit": ("average loss", [0.412345], None),
}


@pytest.mark.parametrize("style", [*FOUND, *WITHOUT_STEPS])
@pytest.mark.parametrize("limit_bytes", [1 << 20, 50])
def test_the_numbers_and_their_steps_are_found_by_name(style: str, limit_bytes: int) -> None:
    name, values, steps = (FOUND | WITHOUT_STEPS)[style]
    reader = make_reader("stdout_reader", {"metric": name})
    follower = follow(reader, str(STYLES / f"{style}.log"))
    found: list[float] = []
    reached: list[float] = []
    more = True
    while more:
        look = follower.read(ended=True, limit_bytes=limit_bytes)
        more = look.more
        points = look.measurements.get(name)
        if points:
            found += points.values
            reached += points.steps or ()
    assert found == pytest.approx(values)
    assert reached == (steps or [])


def test_every_style_is_looked_at() -> None:
    assert {one.stem for one in STYLES.iterdir()} == set(FOUND | WITHOUT_STEPS)
