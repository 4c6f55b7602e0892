"""A space of each tool, as its users write it, and what reads one in tests."""

from collections.abc import Callable

from automl.studies.foreign.reading import ReadSpace

Read = Callable[..., ReadSpace]
Refused = Callable[..., str]

SAMPLES = [
    (
        "ray",
        "space.json",
        """{
  "beta": {"type": "uniform", "lower": 0.1, "upper": 10.0},
  "rate": {"type": "loguniform", "lower": 1e-5, "upper": 0.1},
  "width": {"type": "qrandint", "lower": 16, "upper": 128, "q": 16},
  "shift": {"type": "randn", "mean": 0, "sd": 0.1},
  "opt": {"type": "grid_search", "list": ["adam", "sgd", null, true, [1, 2]]},
  "epochs": 5
}""",
    ),
    (
        "libcity",
        "hyper_example.txt",
        "learning_rate loguniform -8,0\nbatch_size choice [16, 32]\ndropout quniform 0.1,0.5,0.1\n",
    ),
]
"""The tool, the file's name, its text."""
