"""The tools whose spaces are known, by the names that `--from` takes."""

from automl.registry import Registry
from automl.studies.foreign.easyrec import EasyRecSpace
from automl.studies.foreign.nni_experiment import NniExperiment
from automl.studies.foreign.ray import RaySpace
from automl.studies.foreign.ray_text import RayTextSpace
from automl.studies.foreign.space import ForeignSpace
from automl.studies.foreign.wandb.sweep import WandbSweep

SPACES: Registry[ForeignSpace] = Registry(
    "space file",
    {
        "easyrec": EasyRecSpace,
        "libcity": RayTextSpace,
        "nni": NniExperiment,
        "ray": RaySpace,
        "wandb": WandbSweep,
    },
    group="automl.spaces",
)
"""An installed package adds one by an entry point: its name, and the class that reads the form."""
