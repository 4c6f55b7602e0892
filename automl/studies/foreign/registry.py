"""The tools whose spaces are known, by the names that `--from` takes."""

from automl.registry import Registry
from automl.studies.foreign.easyrec import EasyRecSpace
from automl.studies.foreign.hydra.sweeper import HydraSweeper
from automl.studies.foreign.katib.experiment import KatibExperiment
from automl.studies.foreign.nni.experiment import NniExperiment
from automl.studies.foreign.optuna import OptunaSpace
from automl.studies.foreign.orion.space import OrionSpace
from automl.studies.foreign.ray.spaces import RaySpace
from automl.studies.foreign.ray.text_form import RayTextSpace
from automl.studies.foreign.space import ForeignSpace
from automl.studies.foreign.wandb.sweep import WandbSweep

SPACES: Registry[ForeignSpace] = Registry(
    "space file",
    {
        "easyrec": EasyRecSpace,
        "hydra": HydraSweeper,
        "katib": KatibExperiment,
        "libcity": RayTextSpace,
        "nni": NniExperiment,
        "optuna": OptunaSpace,
        "orion": OrionSpace,
        "ray": RaySpace,
        "wandb": WandbSweep,
    },
    group="automl.spaces",
)
"""An installed package adds one by an entry point: its name, and the class that reads the form."""
