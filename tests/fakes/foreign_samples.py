"""A space of each tool, as its users write it, and what reads one in tests."""

from collections.abc import Callable

from automl.studies.foreign.reading import ReadSpace

Read = Callable[..., ReadSpace]
Refused = Callable[..., str]

NNI_SPACE = """{
  "lr": {"_type": "loguniform", "_value": [0.0001, 0.1]},
  "layer0": {"_type": "choice", "_value": [
    {"_name": "Empty"},
    {"_name": "Conv", "kernel_size": {"_type": "choice", "_value": [1, 2, 3]}},
    {
      "_name": "Pool",
      "pool_size": {"_type": "randint", "_value": [1, 4]},
      "kernel_size": {"_type": "quniform", "_value": [1, 5, 2]}
    }
  ]},
  "layer1": {"_type": "choice", "_value": [
    {"_name": "Empty"},
    {"_name": "Conv", "kernel_size": {"_type": "choice", "_value": [1, 2, 3]}}
  ]}
}"""

NNI_EXPERIMENT = """
experimentName: my nni test
searchSpaceFile: spaces/search_space.json
trialCommand: python3 mnist.py --epochs 2
trialCodeDirectory: code
trialGpuNumber: 1
trialConcurrency: 2
maxTrialNumber: 5
maxExperimentDuration: 1h
tuner:
  name: Anneal
  classArgs: {optimize_mode: minimize, seed: 7}
assessor:
  name: Medianstop
  classArgs: {start_step: 3}
trainingService: {platform: local, useActiveGpu: true}
"""

WANDB_SWEEP = """
program: train.py
project: my-project
name: my sweep
method: bayes
metric: {name: val_loss, goal: minimize, target: 0.1}
run_cap: 6
parameters:
  lr: {distribution: log_uniform_values, min: 1e-4, max: 1e-1}
  epochs: {value: 3}
  amp: {values: [true, false]}
  net:
    parameters:
      width: {distribution: q_uniform, min: 16, max: 64, q: 16}
early_terminate: {type: hyperband, min_iter: 2, eta: 2}
command:
  - ${env}
  - ${interpreter}
  - ${program}
  - --data=${envvar:DATA}
  - ${args_no_boolean_flags}
"""

KATIB_EXPERIMENT = """kind: Experiment
metadata: {name: random-example, namespace: kubeflow}
spec:
  objective:
    type: maximize
    goal: 0.99
    objectiveMetricName: accuracy
    additionalMetricNames: [loss]
  algorithm: {algorithmName: random}
  parallelTrialCount: 2
  maxTrialCount: 12
  maxFailedTrialCount: 3
  resumePolicy: Never
  parameters:
    - name: lr
      parameterType: double
      feasibleSpace: {min: "0.01", max: "0.05"}
    - name: layers
      parameterType: int
      feasibleSpace: {min: "2", max: "5"}
  metricsCollectorSpec:
    collector: {kind: File}
    source:
      fileSystemPath: {path: /katib/mnist.log, kind: File}
      filter:
        metricsFormat: ["{metricName: ([\\\\w|-]+), metricValue: (\\\\d+\\\\.?\\\\d*)}"]
  trialTemplate:
    trialParameters:
      - reference: lr
        name: rate
      - {name: layers, reference: layers}
      - {name: trialName, reference: "${trialSpec.Name}"}
    trialSpec:
      kind: Job
      spec:
        template:
          spec:
            containers:
              - name: training-container
                image: mnist:latest
                command: [python3, mnist.py, --log=/katib/mnist.log]
                args:
                  - --lr=${trialParameters.rate}
                  - --layers=${trialParameters.layers}
                  - --id=${trialParameters.trialName}
                env:
                  - {name: RATE, value: "${trialParameters.rate}"}
                resources: {limits: {memory: 1G}}
  earlyStopping:
    algorithmName: medianstop
    algorithmSettings:
      - {name: min_trials_required, value: "3"}
      - {name: start_step, value: "4"}
"""

ORION_LINE = """# what was typed
orion hunt -n exp --max-trials 20 --enable-evc \\
    python3 train.py --data mnist --lr~'loguniform(1e-5, 1.0)' \\
    -w~'uniform(1, 10, discrete=True, default_value=3)' --opt~"choices(['adam', 'sgd'])" \\
    --epochs~'fidelity(1, 27, base=3)' HEAD~1
"""

SAMPLES = [
    ("orion", "hunt.sh", ORION_LINE),
    ("orion", "orion.yaml", "space:\n  lr: loguniform(1e-5, 1)\n  x: normal(0, 1)\n"),
    (
        "orion",
        "script.yaml",
        "lr: orion~loguniform(1e-5, 1)\nnet: {w: 'orion~uniform(1, 9)'}\n",
    ),
    (
        "hydra",
        "config.yaml",
        """
defaults:
  - override hydra/sweeper: optuna
hydra:
  sweeper:
    n_trials: 9
    params:
      db: mysql,postgresql
      x: tag(log, interval(1e-4, 0.1))
      n: range(1, 12)
""",
    ),
    ("katib", "experiment.yaml", KATIB_EXPERIMENT),
    (
        "optuna",
        "space.json",
        """{
  "lr": {
    "name": "FloatDistribution",
    "attributes": {"step": null, "low": 1e-05, "high": 0.1, "log": true}
  },
  "opt": {"name": "CategoricalDistribution", "attributes": {"choices": ["adam", null]}}
}""",
    ),
    ("wandb", "sweep.yaml", WANDB_SWEEP),
    (
        "easyrec",
        "hpo.json",
        """[
  {"type": "Categorical", "name": "data_config.batch_size", "candidates": [256, 512]},
  {"type": "Real", "name": "model_config.dropout[0]", "min": 0, "max": 0.5}
]""",
    ),
    ("nni", "search_space.json", NNI_SPACE),
    (
        "nni",
        "config.yml",
        """
searchSpace:
  lr: {_type: lognormal, _value: [0, 1]}
  n: {_type: qnormal, _value: [8, 2, 1]}
trialCommand: ./train
""",
    ),
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
