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
    "lightgbm_cv": ("auc", [0.972838, 0.971785, 0.978258], [1, 2, 3]),
    "lightgbm_two_sets": (
        "valid's auc",
        [
            *(0.984591, 0.988784, 0.987317, 0.989308, 0.990042),
            *(0.992767, 0.992138, 0.993082, 0.994969, 0.995807),
            # What follows "Best iteration is:" counts, too: it is the iteration that is kept.
            0.995807,
        ],
        [*range(1, 11), 10],
    ),
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
    "xgboost_cv": ("test-auc", [0.95946, 0.96895, 0.97182], [0, 1, 2]),
    "xgboost": ("eval-auc", [0.79, 0.81, 0.8], [0, 1, 12]),
    "yolo": ("mAP50", [0.751, 0.801], [1, 2]),
    "accelerate": ("f1", [0.8122, 0.8912], [0, 1]),
    "cargo_bench": ("bench", [234.0], None),
    "clu": ("loss", [1.234, 0.912], [100, 200]),
    "curl_ab": ("Requests per second", [1234.56], None),
    "darknet": ("avg loss", [3.456789, 3.123456], [100, 101]),
    "dd": ("MB/s", [891.2], None),
    "detectron2": ("total_loss", [2.345, 1.987], [19, 39]),
    "fairseq_json": ("valid_ppl", [73.5, 9.19], [1, 2]),
    "fasttext": ("P@1", [0.91], None),
    "ffmpeg_psnr": ("average", [39.012345], [250]),
    "ffmpeg_ssim": ("All", [0.958765], None),
    "flux_info": ("val_acc", [0.61, 0.72], [1, 2]),
    "gbm_r": ("ValidDeviance", [1.2233, 1.2101, 1.1012], [1, 2, 10]),
    "go_bench": ("ns/op", [1234.0], None),
    "google_benchmark": ("Time", [12345.0], None),
    "grid_search": ("score", [0.912, 0.921], None),
    "gurobi": ("gap", [0.3268], None),
    "h2o": ("AUC", [0.9123], None),
    "hf_dict": ("eval_loss", [0.3, 0.25], [1, 2]),
    "hyperfine": ("Time", [312.4], None),
    "ignite": ("Avg accuracy", [0.91, 0.93], [1, 2]),
    "jags": ("DIC", [44.5], None),
    "jmh": ("Score", [12.345], None),
    "k6": ("http_req_duration", [123.45], None),
    "kaldi": ("WER", [7.85, 7.61], None),
    "keras_backspace": ("val_loss", [0.8112, 0.6912], [1, 2]),
    "libsvm_cv": ("Cross Validation Accuracy", [91.2], [162]),
    "lightgbm_sklearn": ("valid_1's binary_logloss", [0.1512, 0.1401], [10, 20]),
    "lightning_rich": ("val_loss", [0.2874929904937744], None),
    "marian": ("Cost", [5.1234, 4.9123], [1, 1]),
    "matlab": ("acc", [0.912, 0.931], None),
    "mmdetection": ("bbox_mAP", [0.371, 0.392], [1, 2]),
    "mxnet": ("Validation-accuracy", [0.9612, 0.9701], [0, 1]),
    "open_clip": ("imagenet-zeroshot-val-top1", [0.1234, 0.2345], [1, 2]),
    "opennmt": ("ppl", [345.67, 201.12], [50, 100]),
    "paddle": ("top1", [0.71, 0.74], [1, 2]),
    "r_lm": ("Adjusted R-squared", [0.6451], None),
    "r_named_vector": ("Rsquared", [0.9123456], None),
    "stata": ("R-squared", [0.6519], None),
    "statsmodels": ("R-squared", [0.652], None),
    "sysbench": ("events per second", [1234.56], None),
    "tesseract": ("BCER train", [45.3, 41.2], [100, 200]),
    "tf_estimator": ("accuracy", [0.91, 0.93], [1000, 2000]),
    "ultralytics_val": ("mAP50-95", [0.512], [4]),
    "weka": ("Mean absolute error", [0.0327], None),
    "wrk": ("Requests/sec", [12345.67], None),
    "xgboost_sklearn": ("validation_1-rmse", [0.1512, 0.1412, 0.1402], [0, 1, 10]),
}

WITHOUT_STEPS: dict[str, Expected] = {
    # Its steps stand below the metric, or in no column that is called so.
    "stable_baselines": ("ep_rew_mean", [22.3, 26.1], None),
    # Its header has two lines, so only the last line has the name.
    "vowpal_wabbit": ("average loss", [0.412345], None),
    # Its steps stand below the metric.
    "ray_tune": ("mean_accuracy", [0.6123, 0.7123], None),
}

NOT_AS_MEANT: dict[str, Expected] = {
    # One name, of two columns that stand for training and validation.
    "allennlp": ("accuracy", [0.9123, 0.912], [0, 0]),
    # What looks like a step is a setting.
    "stan": ("lp__", [-39.51], [2000]),
    # Its epoch has no name, and the count of a whole progress bar stands in the line.
    "timm": ("Acc@1", [81.2345, 83.25], [78, 78]),
}


@pytest.mark.parametrize("style", [*FOUND, *WITHOUT_STEPS, *NOT_AS_MEANT])
@pytest.mark.parametrize("limit_bytes", [1 << 20, 50])
def test_the_numbers_and_their_steps_are_found_by_name(style: str, limit_bytes: int) -> None:
    name, values, steps = (FOUND | WITHOUT_STEPS | NOT_AS_MEANT)[style]
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
    assert {one.stem for one in STYLES.iterdir()} == set(FOUND | WITHOUT_STEPS | NOT_AS_MEANT)
