"""The documentation names everything public, its links lead somewhere, and its examples run."""

import ast
import inspect
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest

import automl
import automl.hpo
from automl.errors import AutomlError
from automl.executors.modes import MODES
from automl.hpo import AutoTuner, budget, objective
from automl.hpo.dictionary import ENVIRONMENT_KEYS, KEYS
from automl.hpo.earlystop import EARLY_STOPS
from automl.hpo.hyperparam import PARAMETERS
from automl.hpo.reader import READERS
from automl.hpo.task import TASKS
from automl.journal.events import Event
from automl.registry import Registry
from automl.render.context import known_names
from automl.search.algorithms import ALGORITHMS
from automl.search.pruning.pruners import PRUNERS
from automl.show.table import results_table
from automl.space.expression import Expression
from automl.space.formula import ALLOWED
from automl.studies.study import Study
from automl.study.failure import FailureClass
from automl.study.objective import Direction, Final, Objective, Objectives
from automl.study.trial import Purpose, Result, Stage, Trial, TrialState

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FAKES = ROOT / "tests" / "fakes"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
REFERENCE = DOCS / "reference.md"
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of one language, in order."""
    found = FENCE.finditer(page.read_text(encoding="utf-8"))
    return [
        "".join(line.removeprefix(match[1]) for line in match[3].splitlines(keepends=True))
        for match in found
        if match[2] == language
    ]


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def named_in(text: str) -> set[str]:
    """Return the words that stand in headings or within backquotes, alone or as part of a call."""
    quoted = re.findall(r"`([^`]+)`|^#+ (.+)$", text, re.MULTILINE)
    return {word for texts in quoted for word in re.findall(r"\w+", " ".join(texts))}


def public(kind: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(kind) if not name.startswith("_")}


def missing(names: Iterable[str]) -> list[str]:
    return sorted(set(names) - named_in(REFERENCE.read_text(encoding="utf-8")))


def option_rows(section: str) -> dict[str, str]:
    """Return the defaults by option of the tables below one heading of the reference."""
    text = REFERENCE.read_text(encoding="utf-8")
    start = text.index(f"\n{section}\n") + len(section) + 2
    end = re.compile(r"^##+ ", re.MULTILINE).search(text, start)
    rows = text[start : end.start() if end else None].splitlines()
    cells = [[cell.strip() for cell in row.split("|")] for row in rows if row.startswith("| `")]
    return {row[1].strip("`"): row[2] for row in cells}


def test_every_public_name_is_in_the_reference() -> None:
    assert missing(automl.hpo.__all__) == []


def test_every_option_of_a_tuner_is_in_the_reference_with_its_default() -> None:
    signature = inspect.signature(AutoTuner).parameters
    rows = option_rows("### Options")
    assert list(rows) == list(signature)
    for name, parameter in signature.items():
        if parameter.default is inspect.Parameter.empty:
            assert rows[name] == "needed", name
        elif name not in {"name", "study_dir", "cwd"}:  # their None stands for what is told there
            default = parameter.default
            shown = f'"{default}"' if isinstance(default, str) else str(default)
            assert rows[name].startswith(f"`{shown}`"), name


def test_every_option_of_a_tuner_is_in_its_help() -> None:
    text = inspect.getdoc(AutoTuner) or ""
    assert [
        name for name in inspect.signature(AutoTuner).parameters if f"{name}: " not in text
    ] == []


def test_every_key_of_a_dictionary_is_in_the_reference() -> None:
    assert missing([*KEYS, *ENVIRONMENT_KEYS]) == []
    assert set(option_rows("### create_tuner")) == set(KEYS)


@pytest.mark.parametrize(
    "registry",
    [PARAMETERS, READERS, TASKS, ALGORITHMS, PRUNERS, EARLY_STOPS, MODES],
    ids=["hyperparam", "reader", "task", "algorithm", "pruner", "earlystop", "mode"],
)
def test_every_type_and_option_is_in_the_reference(registry: Registry[object]) -> None:
    options = [option for name in registry.names() for option in registry.options(name)]
    assert missing([*registry.names(), *options]) == []


@pytest.mark.parametrize(
    ("registry", "type_name"),
    [(registry, name) for registry in (PARAMETERS, READERS, TASKS) for name in registry.names()],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_the_options_of_a_type_stand_below_its_heading(
    registry: Registry[object], type_name: str
) -> None:
    assert list(option_rows(f'### type="{type_name}"')) == registry.options(type_name)


@pytest.mark.parametrize("door", [objective, budget], ids=["objective", "budget"])
def test_every_option_of_a_door_without_types_is_in_the_reference(door: ModuleType) -> None:
    signature = inspect.signature(door.create).parameters
    section = f"## {door.__name__.rpartition('.')[2]}"
    assert option_rows(section) == {name: default_shown(one) for name, one in signature.items()}


def default_shown(parameter: inspect.Parameter) -> str:
    default = parameter.default
    if default is inspect.Parameter.empty:
        return "needed"
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"


@pytest.mark.parametrize(
    ("section", "registry", "type_name"),
    [
        (section, registry, name)
        for section, registry in (("## algorithm", ALGORITHMS), ("## pruner", PRUNERS))
        for name in registry.names()
        if name != "pbt"
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_the_row_of_a_type_has_its_options_with_their_defaults(
    section: str, registry: Registry[object], type_name: str
) -> None:
    options = option_rows(section)[type_name]
    shown = dict(re.findall(r"`(\w+)=([^`]+)`", options))
    signature = inspect.signature(registry._factories[type_name]).parameters
    named = [signature[option] for option in registry.options(type_name)]
    assert set(shown) == {parameter.name for parameter in named}
    for parameter in named:
        default = Expression(shown[parameter.name], "default").evaluate({})
        assert default == parameter.default, parameter.name


def test_the_options_of_a_population_are_in_the_reference_with_their_defaults() -> None:
    signature = inspect.signature(ALGORITHMS._factories["pbt"]).parameters
    rows = option_rows("### Population based training")
    shown = {name: ast.literal_eval(text.strip("`")) for name, text in rows.items()}
    perturb = list(signature["perturb"].default)
    assert shown == {name: one.default for name, one in signature.items()} | {"perturb": perturb}


def test_what_an_expression_may_call_is_in_the_reference() -> None:
    functions = ALLOWED.rpartition("functions ")[2].split(", ")
    assert len(functions) > 3
    assert missing(functions) == []


def test_every_method_of_a_tuner_and_of_a_study_is_in_the_reference() -> None:
    assert missing(public(AutoTuner) | public(Study)) == []


def test_every_word_of_a_trial_is_in_the_reference() -> None:
    words = [*TrialState, *Direction, *Final, *Purpose]
    words += [
        name for kind in (Trial, Stage, Result) for name in inspect.signature(kind).parameters
    ]
    words += public(Trial) - {"confirms", "goes_on", "runs_alone"}  # ours
    assert missing([word for word in words if " " not in word]) == []
    text = REFERENCE.read_text(encoding="utf-8")
    assert [kind for kind in FailureClass if f"| `{kind}` |" not in text] == []


def test_every_column_of_the_table_is_in_the_reference() -> None:
    first, second = (
        Result(stage=Stage(budget=1), value=1.0),
        Result(stage=Stage(budget=1, seed_number=1), value=2.0),
    )
    fresh = Result(stage=Stage(budget=1, seed_number=1, purpose=Purpose.CONFIRM), value=1.5)
    trial = Trial(id=1, params={"x": 1}, source=0, results=(first, second, fresh))
    several = Objectives(
        items=(Objective(), Objective(metric="score")), constraints=("metric > 0",)
    )
    frame = results_table([trial], ["x"], objectives=several, full=True)
    assert len(frame.columns) > 20
    assert missing(name for group, name in frame.columns if group != "params") == []


def test_every_event_and_its_fields_are_in_the_reference() -> None:
    kinds = get_args(Event)
    fields = [field for kind in kinds for field in kind.__struct_fields__]
    assert missing([*(kind.__name__ for kind in kinds), *fields]) == []


def test_every_placeholder_is_in_the_reference() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    assert [name for name in known_names(["x"]) if f"{{{{ {name} }}}}" not in text] == []


def test_every_error_is_in_the_reference() -> None:
    assert missing(kind.__name__ for kind in tree(AutomlError)) == []


def tree(kind: type) -> Iterator[type]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == "automl.errors":
            yield from tree(below)


def anchors(page: Path) -> set[str]:
    """Return what a link may name behind `#`, as GitHub makes it of headings."""
    headings = re.findall(
        r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(prose(page)):
        if re.match(r"\w+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks_compile(page: Path) -> None:
    for number, code in enumerate(blocks(page, "python"), 1):
        ast.parse(code, filename=f"{page.name}, python block {number}")


def test_pages_use_only_names_and_options_that_exist() -> None:
    options = set(inspect.signature(AutoTuner).parameters)
    for page in PAGES:
        for code in blocks(page, "python"):
            for call in (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)):
                if isinstance(call.func, ast.Name) and call.func.id == "AutoTuner":
                    assert {word.arg for word in call.keywords} <= options, page.name
                if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "study":
                    known = public(Study) | public(automl.Study)
                    assert call.func.attr in known, f"{page.name}: {call.func.attr}"


def test_the_readme_begins_with_the_commands_that_are_checked() -> None:
    first, second = blocks(ROOT / "README.md", "sh")[:2]
    start = "python3 -m venv .venv && . .venv/bin/activate && pip install -q -e "
    assert first == f"{start}'.[examples]' && cd examples && python test.py\n"
    assert second == f"{start}'.[dev]' && pytest\n"
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [match[2] for match in FENCE.finditer(text)][:2] == ["sh", "sh"]


@pytest.fixture
def odd_place(tmp_path: Path) -> Path:
    """A folder with a name that shells, patterns and templates could take for something else."""
    place = tmp_path / 'it\'s a [place] & "quoted" {{ x }}'
    place.mkdir()
    return place


def run(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a container does: without a home, a search path or a terminal."""
    return subprocess.run(
        [sys.executable, script],
        cwd=folder,
        env={"TERM": "dumb"},
        capture_output=True,
        text=True,
        check=False,
    )


def assert_pasted(output: str, folder: Path) -> None:
    """Check that the two lines that run the best trial again give its value again."""
    (again,) = re.findall(r"^again: (.*)$", output, re.MULTILINE)
    (script,) = re.findall(r"^as it ran here, environment included: (.*)$", output, re.MULTILINE)
    (value,) = re.findall(r"^best: trial \d+, metric ([-\d.e]+)", output, re.MULTILINE)
    for line in (again, script):
        # A shell that was just opened in the folder, in another one's environment.
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=folder,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )
        assert value in done.stdout


def rows(output: str) -> int:
    return len(re.findall(r"^\d+ ", output, re.MULTILINE))


@pytest.mark.slow
def test_the_readmes_example_runs(odd_place: Path) -> None:
    code = blocks(ROOT / "README.md", "python")[0]
    shorter, changed = re.subn(r"max_trial_num=\d+", "max_trial_num=4", code)
    assert changed == 1
    (odd_place / "parabola.py").write_text(shorter, encoding="utf-8")
    done = run(odd_place, "parabola.py")
    assert done.returncode == 0, done.stderr
    assert rows(done.stdout) == 4
    assert "best: trial " in done.stdout
    assert_pasted(done.stdout, odd_place)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["budget", "early_stopping"])
def test_the_readmes_example_of_epochs_runs(tmp_path: Path, way: str) -> None:
    code = blocks(ROOT / "README.md", "python")[1]
    if way == "early_stopping":
        code, changed = re.subn(r"budget=budget.*,\n", "early_stopping=True,\n", code)
        code, filled = re.subn(r"{{ trial.budget }}", "27", code)
        assert (changed, filled) == (1, 1)
    (tmp_path / "descent.py").write_text(code, encoding="utf-8")
    done = run(tmp_path, "descent.py")
    assert done.returncode == 0, done.stderr
    assert rows(done.stdout) == 27
    told = "epochs spent" if way == "budget" else "early stopping: "
    assert told in done.stdout


@pytest.mark.slow
def test_the_tutorials_example_runs(odd_place: Path) -> None:
    program, study = blocks(DOCS / "tutorial.md", "python")
    (odd_place / "train.py").write_text(program, encoding="utf-8")
    (odd_place / "tune.py").write_text(study, encoding="utf-8")
    done = run(odd_place, "tune.py")
    assert done.returncode == 0, done.stderr
    assert rows(done.stdout) == 20
    # What the tutorial shows of the first ten trials is what its seed gives.
    shown = next(line for line in blocks(DOCS / "tutorial.md", "text") if "trial 0 " in line)
    known = re.findall(r"rate=\S+ momentum=\S+", shown)
    assert len(known) == 2
    assert [text for text in known if text not in done.stderr] == []
    assert_pasted(done.stdout, odd_place)


TRAINING = """#!/bin/sh
echo "Epoch 1"
echo "epoch 1: accuracy 0.25"
echo "accuracy=0.$(($$ % 90 + 10)) latency=15"
echo "score=0.$(($$ % 80 + 10))"
"""
"""What stands in for the programs of the how-to."""


@pytest.mark.slow
def test_the_blocks_of_the_how_to_run_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    names: dict[str, object] = {}
    exec(BEFORE_THE_HOW_TO, names)  # noqa: S102 - what its examples take for granted
    count = 0
    for number, code in enumerate(blocks(DOCS / "how-to.md", "python")):
        if any(word in code for word in NOT_HERE):
            continue
        folder = tmp_path / str(number)
        prepare(folder)
        monkeypatch.chdir(folder)
        if "first_try" in code:
            exec(FIRST_TRY, names)  # noqa: S102 - ours
        where = f"how-to.md, python block {number}"
        exec(compile(code.replace(DRAWS, ""), where, "exec"), names)  # noqa: S102 - ours
        if names.pop("results", None) is not None:
            tuner: Any = names["tuner"]
            assert {one.state.value for one in tuner.trials} <= {"completed", "pruned"}, where
        count += 1
    assert count > 25
    assert "no command uses" not in caplog.text


NOT_HERE = ("open_study", "gpus=", "s3://")
"""What needs a study that runs, a GPU, or a store, as `tests/e2e/test_e2e_remote.py` has."""

DRAWS = "optuna.visualization.plot_slice(plain).show()\n"
"""What needs a package that draws."""

BEFORE_THE_HOW_TO = """
from automl.hpo import *
import optuna

rate = hyperparam.create(type="Real", name="rate", min_value=1e-4, max_value=1.0, log=True)
score = reader.create(
    type="local_reader", location="{{ trial.dir }}/stdout.log", parser_pattern=r"score=(\\S+)"
)
train = task.create(type="BashTask", metric_reader=score, cmd=["./train.sh"])
"""

FIRST_TRY = """
AutoTuner(
    hyperparams=[rate],
    task_list=[train],
    max_parallel=2,
    max_trial_num=2,
    name="first_try",
).fit()
"""


def prepare(folder: Path) -> None:
    """Put what the examples of the how-to name into a folder, and the programs that it shows."""
    (folder / "old").mkdir(parents=True)
    csv = blocks(DOCS / "how-to.md", "text")
    table = next(text for text in csv if text.startswith("rate,metric"))
    (folder / "old" / "results.csv").write_text(table, encoding="utf-8")
    (folder / "conf.json").write_text('{"optimizer": {"lr": 0.1}}', encoding="utf-8")
    for name in ("train.sh", "test.sh"):
        (folder / name).write_text(TRAINING, encoding="utf-8")
        (folder / name).chmod(0o755)
    # MLflow is large, and not installed with what the tests need.
    for name, source in (("mlflow.py", "fake_mlflow.py"), ("mlflow_stores.py", "mlflow_stores.py")):
        shutil.copy(FAKES / source, folder / name)
    for program in blocks(DOCS / "how-to.md", "py"):
        (folder / program.split()[1]).write_text(program, encoding="utf-8")


def test_every_word_of_the_door_for_functions_is_in_its_page() -> None:
    named = named_in(FENCE.sub("", (DOCS / "functions.md").read_text(encoding="utf-8")))
    words = public(automl.Study) | public(automl.Trial) | {*automl._PLACES}
    assert sorted(words - named - {"DuplicatedStudyError"}) == []


def test_no_page_has_the_marks_of_two_versions() -> None:
    """What git writes where it could not merge, which nothing else reads."""
    marks = ("<<<<<<< ", ">>>>>>> ")
    for page in PAGES:
        assert [line for line in page.read_text().splitlines() if line.startswith(marks)] == []
