"""The keywords of a study: one row for each, for every door, the reference and the help."""

from automl.studies.given import choices, kinds, lists, trial_parts
from automl.studies.given.function import FUNCTION_KIND
from automl.studies.given.keyword import Keyword
from automl.studies.given.kinds import or_none, whole
from automl.studies.given.workspace import WORKSPACE_KIND
from automl.study.noise import FEW_SEEDS, LEAST_SEEDS

_REAL = {"type": "Real", "name": "rate", "min_value": 0.001, "max_value": 0.1, "log": True}
_TRAIN = {
    "type": "BashTask",
    "cmd": ["./train", "--rate", "{{ trial.param.rate }}"],
    "metric_reader": {
        "type": "local_reader",
        "location": "{{ trial.dir }}/stdout.log",
        "parser_pattern": r"score=(\S+)",
    },
}

_WHAT = (
    Keyword(
        name="hyperparams",
        kind=trial_parts.PARAMETERS_KIND,
        instead="function",
        help="what `hyperparam.create` returned, in any number.",
        example=[_REAL],
        option=("-p", "--param"),
    ),
    Keyword(
        name="task_list",
        kind=trial_parts.TASKS_KIND,
        also="tasks",
        instead="function",
        help="what `task.create` returned; the tasks of a trial run in this order.",
        example=[_TRAIN],
        option=None,
    ),
    Keyword(
        name="max_parallel",
        kind=whole(1),
        help="how many trials run at once, at the most.",
        example=4,
        option=("-j", "--max-parallel"),
    ),
    Keyword(
        name="max_trial_num",
        kind=whole(1),
        help="how many trials are started, at the most.",
        example=20,
        option=("-n", "--max-trial-num"),
    ),
    Keyword(
        name="mode",
        kind=choices.MODE_KIND,
        default="local",
        help="where they run; `local`: on this machine.",
        example="local",
    ),
    Keyword(
        name="user_id",
        kind=kinds.ANYTHING,
        default=None,
        kept=False,
        help="accepted for scripts of other products; nothing uses it.",
        example="somebody",
        option=None,
    ),
    Keyword(
        name="name",
        kind=kinds.NAME,
        default=None,
        help="the study's name and folder; the script's own name if not given.",
        example="digits",
    ),
    Keyword(
        name="study_dir",
        kind=kinds.PATH,
        default=None,
        kept=False,
        help="where study folders are; `automl_studies` in the current directory.",
        example="studies",
    ),
    Keyword(
        name="function",
        kind=FUNCTION_KIND,
        default=None,
        help="in place of tasks, a Python function that each trial calls: `module:name` or "
        "`path/to/script.py:name`; without `hyperparams`, it asks for its own.",
        example="train:objective",
        option=None,
    ),
)
_RANKED_BY = (
    Keyword(
        name="direction",
        kind=kinds.DIRECTION,
        default="maximize",
        help="`maximize` or `minimize`.",
        example="minimize",
        option=None,
    ),
    Keyword(
        name="final",
        kind=kinds.FINAL,
        default="last",
        help="which number of a trial counts: `last`, `best`, `mean`, `max`, `min` or `sum`.",
        example="best",
    ),
    Keyword(
        name="objectives",
        kind=choices.OBJECTIVES_KIND,
        default=None,
        help="what `objective.create` returned, in place of `direction` and `final`.",
        example=[{"metric": "metric", "direction": "minimize"}],
        option=None,
    ),
    Keyword(
        name="constraints",
        kind=lists.CONSTRAINTS,
        default=(),
        help="comparisons of metrics that a good trial keeps, such as 'latency_ms <= 20'.",
        example=["metric <= 20"],
        option=("--constraint",),
    ),
)
_SEARCH = (
    Keyword(
        name="rules",
        kind=lists.RULES,
        default=(),
        help="expressions over parameters that every trial keeps, such as 'n * d <= 200'.",
        example=["rate * 2 <= 0.1"],
        option=("--rule",),
    ),
    Keyword(
        name="algorithm",
        kind=choices.ALGORITHM_KIND,
        default=None,
        help="what `algorithm.create` returned, or its type; `auto` if not given.",
        example={"type": "tpe", "initial_trials_num": 5},
    ),
    Keyword(
        name="start_with",
        kind=lists.COMBINATIONS,
        default=(),
        help="combinations that are tried first; the first is the user's default.",
        example=[{"rate": 0.01}],
    ),
    Keyword(
        name="warm_start",
        kind=or_none(lists.SOURCES, "none"),
        default=(),
        kept=False,
        help="what earlier searches found: studies, CSV files, DataFrames.",
        example=["earlier.csv"],
    ),
    Keyword(
        name="early_stopping",
        kind=kinds.FLAG,
        default=False,
        help="stop running trials that can hardly become the best; the pruner `both`.",
        example=True,
    ),
    Keyword(
        name="pruner",
        kind=choices.PRUNER_KIND,
        default=None,
        help="what `pruner.create` returned, or its type.",
        example={"type": "median", "startup_trials": 8},
    ),
    Keyword(
        name="budget",
        kind=choices.BUDGET_KIND,
        default=None,
        help="what `budget.create` returned: trials start small, and the best go on.",
        example={"name": "epochs", "min": 1, "max": 81},
    ),
    Keyword(
        name="repeats",
        kind=whole(1),
        default=1,
        help="with how many seeds each combination is run; it is ranked by the mean.",
        example=3,
    ),
    Keyword(
        name="confirm",
        kind=whole(0),
        default=0,
        help="how many of the best are judged anew at the end, the default beside them.",
        example=5,
    ),
    Keyword(
        name="confirm_seeds",
        kind=whole(LEAST_SEEDS, why=FEW_SEEDS),
        default=5,
        help="with how many fresh seeds each of these is run.",
        example=3,
    ),
    Keyword(
        name="earlystop",
        kind=choices.EARLY_STOP_KIND,
        default=None,
        help="what `earlystop.create` returned: what ends the whole study early.",
        example={"type": "large_is_better", "threshold": 0.99},
        option=None,
    ),
    Keyword(
        name="seed",
        kind=or_none(whole(0), "drawn, and kept"),
        default=None,
        help="makes the proposals reproducible; drawn, and kept, if not given.",
        example=7,
    ),
)
_COMMANDS = (
    Keyword(
        name="cwd",
        kind=kinds.PATH,
        default=None,
        help="the commands' working directory; the current one if not given. With placeholders, a "
        "folder of each trial, which is made.",
        example="work",
    ),
    Keyword(
        name="workspace",
        kind=or_none(WORKSPACE_KIND, "all trials work in `cwd`"),
        default=None,
        help="a working folder for each trial: `copy` of `cwd`, made anew at each launch.",
        example={"type": "copy", "ignore": ["data"]},
    ),
    Keyword(
        name="env",
        kind=kinds.ENV,
        default=None,
        help="variables for the commands; values may hold placeholders.",
        example={"DATA": "digits"},
    ),
    Keyword(
        name="secret_env",
        kind=lists.VARIABLES,
        default=(),
        help="names of variables whose values commands get, but no file does.",
        example=["API_KEY"],
        option=("--secret-env",),
    ),
    Keyword(
        name="fresh",
        kind=kinds.FLAG,
        default=False,
        kept=False,
        help="begin anew; an earlier study of this name is kept aside.",
        example=True,
    ),
)
_ENDS = (
    Keyword(
        name="keep",
        kind=kinds.KEEP,
        default="all",
        help="which trials keep what `artifacts` names: `all`, `best`, or so many of the best.",
        example="best",
    ),
    Keyword(
        name="artifacts",
        kind=lists.PATTERNS,
        default=(),
        help="patterns of what the other trials lose once they have ended, below their folders.",
        example=["{{ trial.dir }}/model*"],
        option=("--artifact",),
    ),
    Keyword(
        name="on_end",
        kind=or_none(kinds.ON_END, "none"),
        default=None,
        help="a command that tells of the end of the study, a pause or a failure.",
        example=["notify-send", "{{ study.name }}: {{ study.event }}"],
    ),
)
_LIMITS = (
    Keyword(
        name="fail_fast",
        kind=or_none(whole(1), "never"),
        default=5,
        help="pause once this many first trials failed alike; None: never.",
        example=3,
    ),
    Keyword(
        name="grace",
        kind=kinds.GRACE,
        default=10.0,
        help="seconds between asking a trial to stop and killing it.",
        example="30s",
    ),
    Keyword(
        name="max_runtime",
        kind=kinds.DURATION,
        default=None,
        help="how long this run of the study may take, seconds or a text such as '8h'; "
        "nothing is started that could not end before, and what is left then is stopped.",
        example="8h",
    ),
    Keyword(
        name="trial_timeout",
        kind=kinds.TIMEOUT,
        default=None,
        help="how long one attempt may take, or '3x' for three times the median so far.",
        example="3x",
    ),
    Keyword(
        name="no_progress_timeout",
        kind=kinds.DURATION,
        default=None,
        help="how long an attempt may print nothing and write no metric.",
        example="10m",
    ),
    Keyword(
        name="max_retries",
        kind=whole(0),
        default=0,
        help="how often a trial is tried again after a crash, a hang or a loss.",
        example=2,
    ),
)
_MACHINE = (
    Keyword(
        name="memory_per_trial",
        kind=kinds.SIZE,
        default=None,
        help="bytes or a text such as '8G' that a trial may use; it starts only when as much "
        "is free.",
        example="8G",
    ),
    Keyword(
        name="gpus",
        kind=kinds.GPUS,
        default=None,
        help="'auto', or a list of indices or UUIDs, to hand out to trials.",
        example=[0, 1],
    ),
    Keyword(
        name="gpus_per_trial",
        kind=kinds.SHARE,
        default=1,
        help="GPUs of a trial; a share such as 0.5 lets trials share one.",
        example=0.5,
    ),
    Keyword(
        name="cpus_per_trial",
        kind=or_none(whole(1), "all"),
        default=None,
        help="CPUs to which each trial is bound.",
        example=2,
    ),
    Keyword(
        name="nice",
        kind=whole(0, 19),
        default=0,
        help="how much lower than this script's a trial's priority is, 0 to 19.",
        example=10,
    ),
    Keyword(
        name="detach",
        kind=kinds.FLAG,
        default=False,
        help="on Ctrl-C, leave the running trials to the next start of this script.",
        example=True,
    ),
)

KEYWORDS = (*_WHAT, *_RANKED_BY, *_SEARCH, *_COMMANDS, *_ENDS, *_LIMITS, *_MACHINE)
"""All keywords, in the order of the reference."""

NAMES = tuple(row.name for row in KEYWORDS)

BY_NAME = {row.name: row for row in KEYWORDS}
"""Each keyword by its name."""
