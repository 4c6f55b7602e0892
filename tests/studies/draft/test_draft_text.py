"""The commented study file: it loads, and says what was found and why."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.discovery.given import with_given
from automl.discovery.help_text.parsed import parse_help
from automl.discovery.option import Found, How, Kind, Option
from automl.errors import SpecError
from automl.render.documents.yaml_reading import yaml_value
from automl.studies.draft.asked_help import Place
from automl.studies.draft.draft import Metric
from automl.studies.draft.drafting import draft_of
from automl.studies.draft.text.draft_text import draft_text
from automl.studies.spec_from import spec_from

HELP = """Usage: train [options]
  --lr LR        learning rate (default 0.1)
  --opt NAME     one of adam, sgd (default adam)
  --epochs N     how often the data is seen (default: 10)
  --amp          mixed precision
  --seed N       random seed
  --data DIR     the data
"""
ACC = Metric(name="acc", direction="maximize")


def text_of(
    words: str = "./train", options: str = HELP, metrics: tuple[Metric, ...] = (ACC,)
) -> str:
    typed = words.split()
    found = Found(with_given(parse_help(options).options, typed[1:]), (), How.HELP, 1)
    return draft_text(draft_of(typed, Place(os.path.abspath("."), {}), found, metrics, ""))  # noqa: PTH100


def test_the_file_describes_a_study_and_the_defaults_come_first() -> None:
    spec = spec_from(yaml_value(text_of()), "/")
    assert list(spec.space.names) == ["lr", "opt", "amp"]
    assert spec.start_with == ({"lr": 0.1, "opt": "adam", "amp": False},)
    assert (spec.objectives.name, str(spec.objectives.direction)) == ("acc", "maximize")


def test_the_whole_file() -> None:
    assert (
        text_of("./train --epochs 20 --data mnist")
        == """\
# A study of: ./train --epochs 20 --data mnist
# Its options are what it tells for --help. 3 of 6 are searched. Change here what you know better
#   automl check study.yaml   runs one trial, and shows whether its metric is found
#   automl run study.yaml     runs all; once more, it goes on where it stopped

max_trial_num: 20  # so many trials
max_parallel: 1  # so many at once

hyperparams:
  # --lr: learning rate (default 0.1, --help); a rate, so evenly over orders of magnitude
  - {type: Real, name: lr, min_value: 0.003, max_value: 1.0, log: true}
  # --opt: one of adam, sgd (default adam, --help); as the program allows
  - {type: Categorical, name: opt, candidates: [adam, sgd]}
  # --amp: mixed precision (default False, --help); on or off
  - {type: Flag, name: amp, 'on': --amp}

# The first trial runs with the defaults, so that the others are compared with them.
start_with:
  - {lr: 0.1, opt: adam, amp: false}

# Left alone; to search one of these, give it a range above and its place in cmd below:
#   --epochs  how long a trial trains (20)
#   --seed    a seed
#   --data    a path

# --epochs (20) is how long a trial trains. With a budget, all trials begin with a part of it, and
# only the best go on to the whole. For that, take the # from the next line, and write
# '{{ trial.budget }}' for '20' in cmd.
# budget: {name: epochs, min: 2, max: 20}

objectives:
  - {metric: acc, direction: maximize}

task_list:
  - type: BashTask
    cmd:
      - ./train
      - --epochs
      - '20'
      - --data
      - mnist
      - --lr
      - '{{ trial.param.lr }}'
      - --opt
      - '{{ trial.param.opt }}'
      - '{{ trial.param.amp }}'
    metric_reader: {type: stdout_reader, metric: acc}
"""
    )


def test_what_the_program_needs_and_nobody_gave_is_told() -> None:
    text = text_of(options="Usage: train --data DIR DEST [--lr LR]\n  --lr LR  (default 0.1)\n")
    assert "# Not known: the program needs --data, DEST: add it to the command" in text


def test_many_first_values_stand_below_each_other() -> None:
    lines = [f"  --rate-of-something-{number} R  (default 0.{number})" for number in range(1, 8)]
    text = text_of(options="\n".join(["Options:", *lines]))
    assert "start_with:\n  - rate-of-something-1: 0.1\n    rate-of-something-2: 0.2\n" in text
    assert spec_from(yaml_value(text), "/").start_with[0]["rate-of-something-7"] == 0.7


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        (Metric(), "By which number are trials ranked?"),
        (Metric(name="val_loss"), "Its name suggests minimize."),
        (Metric(name="test_rmse"), "Its name suggests minimize."),
        (Metric(name="perplexity"), "Its name suggests minimize."),
        (Metric(name="val error"), "Its name suggests minimize."),
        (Metric(name="acc"), "Its name suggests maximize."),
        (Metric(name="zeta"), "Write maximize or minimize: nothing runs until then"),
    ],
)
def test_no_direction_is_guessed_in_silence(metric: Metric, told: str) -> None:
    text = text_of(metrics=(metric,))
    assert told in " ".join(text.replace("\n# ", " ").split())
    with pytest.raises(SpecError, match=r"choose maximize or minimize.*allowed: maximize"):
        spec_from(yaml_value(text), "/")


def test_taking_out_the_marks_of_the_budget_gives_a_study_with_one() -> None:
    text = text_of()
    for line in ("# budget: ", "      # - --epochs", "      # - '{{ trial.budget }}'"):
        assert line in text
        text = text.replace(line, line.replace("# ", "", 1))
    spec = spec_from(yaml_value(text), "/")
    assert spec.budget
    assert (spec.budget.name, spec.budget.min, spec.budget.max) == ("epochs", 1, 10)


def test_without_anything_to_search_the_file_says_so() -> None:
    text = text_of(options="Usage: train\n  --seed N  (default: 3)\n")
    assert "Nothing was found to search." in text
    with pytest.raises(SpecError, match="hyperparams is empty"):
        spec_from(yaml_value(text), "/")


def test_a_file_in_another_folder_runs_the_command_where_it_was_looked_at(tmp_path: Path) -> None:
    found = Found(parse_help(HELP).options, (), How.HELP, 1)
    place = Place(str(tmp_path), {})
    draft = draft_of(["./train"], place, found, [ACC], "studies/study.yaml")
    assert spec_from(yaml_value(draft_text(draft)), str(tmp_path / "studies")).cwd == str(tmp_path)


@pytest.mark.parametrize(
    ("words", "options_at", "behind"),
    [
        ("./train data", 0, ["--lr", "{{ trial.param.lr }}", "data"]),
        ("./train fit data", 1, ["--lr", "{{ trial.param.lr }}", "data"]),
        ("./train data", None, []),
        ("./train -- data", None, ["--", "data"]),
    ],
)
def test_a_budget_goes_where_the_program_reads_options(
    words: str, options_at: int | None, behind: list[str]
) -> None:
    options = (Option(("--lr",), Kind.FLOAT, 0.1), Option(("--epochs",), Kind.INTEGER, 9))
    found = Found(options, (), How.SOURCE, 1, options_at=options_at)
    draft = draft_of(words.split(), Place(os.path.abspath("."), {}), found, [ACC], "")  # noqa: PTH100
    text = draft_text(draft).replace("# - --epochs", "- --epochs")
    [task] = yaml_value(text.replace("# - '{{ trial.budget }}'", "- '{{ trial.budget }}'"))[
        "task_list"
    ]
    at = task["cmd"].index("--epochs")
    assert task["cmd"][at + 1 :] == ["{{ trial.budget }}", *behind]


def test_of_options_that_exclude_each_other_the_first_is_searched() -> None:
    options = (
        Option(("--a",), Kind.FLAG, default=False, excludes=("--b",)),
        Option(("--b",), Kind.FLAG, default=False, excludes=("--a",)),
    )
    found = Found(options, (), How.SOURCE, 1)
    text = draft_text(draft_of(["./t"], Place("/", {}), found, [ACC], ""))
    assert "--b  cannot be given beside --a" in text


@given(
    st.text(max_size=40),
    st.lists(st.text(min_size=1, max_size=30).filter(lambda one: "\0" not in one), max_size=3),
    st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.none()),
    st.sampled_from(list(Kind)),
)
def test_whatever_a_program_says_the_file_can_be_read(
    told: str, words: list[str], default: object, kind: Kind
) -> None:
    option = Option(
        ("--x",),
        kind,
        default,
        choices=(told, "b"),
        help=told,
        place=told,  # type: ignore[arg-type]
    )
    doubts = (told,)
    found = Found((option, Option(("--lr",), Kind.FLOAT, 0.1)), doubts, How.HELP, 1)
    metric = Metric(name=told or "m", direction="maximize", told=(told,))
    draft = draft_of(["./t", *words], Place("/", {}), found, [metric], "")
    read = yaml_value(draft_text(draft))
    cmd = read["task_list"][0]["cmd"]
    assert cmd[: 1 + len(words)] == ["./t", *words] or "trial.param" in " ".join(cmd)
    assert read["objectives"][0]["metric"] == metric.name


@pytest.mark.parametrize("metrics", [(), (ACC,)])
def test_a_program_that_asks_and_reports_needs_no_words_and_no_reader(
    metrics: tuple[Metric, ...],
) -> None:
    options = tuple(
        Option((name,), kind, default, place="t.py:3", asked=True)
        for name, kind, default in (("lr", Kind.FLOAT, 0.1), ("batch_size", Kind.INTEGER, 32))
    )
    found = Found(options, (), How.SOURCE, 2, reports=True)
    draft = draft_of(["python", "t.py"], Place("/", {}), found, metrics, "")
    text = draft_text(draft)
    assert "lr (automl.params, default 0.1, t.py:3)" in text
    assert "so no metric_reader is needed" in text
    spec = spec_from(yaml_value(text.replace("choose maximize or minimize", "maximize")), "/")
    assert spec.tasks[0].cmd == ("python", "t.py")
    assert spec.start_with == ({"lr": 0.1, "batch_size": 32},)
    assert [(one.type, one.metric) for one in spec.tasks[0].readers] == [
        ("report_reader", "acc" if metrics else "metric")
    ]


def test_what_else_is_ranked_by_is_read_where_it_was_seen() -> None:
    reader = {"type": "stdout_reader", "metric": "acc"}
    seen = Metric(name="acc", direction="maximize", reader=reader)
    found = Found((), (), How.SOURCE, 2, reports=True)
    loss = Metric(name="loss", direction="minimize", reported=True)
    text = draft_text(draft_of(["python", "t.py"], Place("/", {}), found, (seen, loss), ""))
    assert "      - {type: stdout_reader, metric: acc}\n" in text
    assert "      - {type: report_reader, metric: loss}\n" in text
