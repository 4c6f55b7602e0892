"""What a Python program asks `automl` for, by its source."""

from pathlib import Path

import pytest

from automl.discovery.option import MISSING, Kind
from automl.discovery.source.asked_params import Asked, asked_params


def asked(folder: Path, source: str, **modules: str) -> Asked | None:
    """Return what a program asks for that has some modules beside it."""
    (folder / "train.py").write_text(source)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    return asked_params(["python", "train.py"], folder, {})


@pytest.mark.parametrize(
    "source",
    [
        "import automl\np = automl.params(lr=0.1, layers=2)",
        "import automl as a\ndef main():\n  class A:\n    p = a.params(lr=0.1, layers=2)",
        "from automl import params, report\nparams({'lr': 0.1}, layers=2)",
        "from automl import params as ask\nask({'lr': 0.1, 'layers': 2})",
        "import automl.hpo\nLR = 0.1\nautoml.params(lr=LR)\nautoml.params(layers=2)",
    ],
)
def test_names_and_defaults_are_found(source: str, tmp_path: Path) -> None:
    found = asked(tmp_path, source)
    assert found is not None
    assert not found.every
    assert [(one.names, one.kind, one.default, one.asked) for one in found.options] == [
        (("lr",), Kind.FLOAT, 0.1, True),
        (("layers",), Kind.INTEGER, 2, True),
    ]
    assert found.options[0].place.startswith("train.py:")


@pytest.mark.parametrize(
    "source",
    [
        "import automl\nlr = automl.params()['lr']",
        "import automl\nargs = automl.params(vars(args))",
        "import automl\nautoml.params({**known, 'lr': 1})",
        "import automl\nautoml.params(**known)",
        "import automl\nautoml.params({})",
    ],
)
def test_any_name_may_be_asked_for_where_the_source_does_not_tell(
    source: str, tmp_path: Path
) -> None:
    found = asked(tmp_path, source)
    assert found is not None
    assert found.every


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import optuna\noptuna.params(lr=1)",
        "def params(**a): ...\nparams(lr=1)",
        "import automl",
    ],
)
def test_a_program_may_ask_for_nothing(source: str, tmp_path: Path) -> None:
    assert asked(tmp_path, source) == Asked()


def test_a_default_that_only_a_run_tells_is_missing(tmp_path: Path) -> None:
    found = asked(tmp_path, "import automl, os\nautoml.params(lr=float(os.environ['LR']))")
    assert found is not None
    assert found.options[0].default is MISSING


def test_modules_of_the_program_are_read_too(tmp_path: Path) -> None:
    found = asked(
        tmp_path,
        "import helper\nfrom config import values",
        helper="import config, helper",
        config="import automl\nvalues = automl.params(lr=0.1)",
    )
    assert found is not None
    assert found.names == {"lr"}


@pytest.mark.parametrize(
    ("source", "reports"),
    [
        ("import automl\nautoml.report(1)", True),
        ("from automl import report", True),
        ("from automl.inside.keras import ReportCallback", True),
        ("import automl\nautoml.params(lr=1)", False),
        ("import other\nother.report(1)", False),
    ],
)
def test_it_is_told_whether_it_reports(source: str, reports: bool, tmp_path: Path) -> None:  # noqa: FBT001
    found = asked(tmp_path, source)
    assert found is not None
    assert found.reports == reports


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import automl\nautoml.report(1, step=2)", {""}),
        (
            "from automl import report as tell\ntell(1, 2, 'acc')\ntell(1, name='loss')",
            {"acc", "loss"},
        ),
        ("import automl\nautoml.report(1, name=None)", {""}),
        ("import automl\nautoml.report(1, name=key)\nautoml.report(*them)", set()),
        ("import automl\nautoml.report(1, **more)\nautoml.report(1, 2, f'{x}')", set()),
    ],
)
def test_names_are_told_that_are_sure_to_be_reported(
    source: str, told: set[str], tmp_path: Path
) -> None:
    found = asked(tmp_path, source)
    assert found is not None
    assert found.told == told


@pytest.mark.parametrize("words", [["sh", "run.sh"], ["python", "gone.py"], [], ["python"]])
def test_what_cannot_be_read_is_none(words: list[str], tmp_path: Path) -> None:
    assert asked_params(words, tmp_path, {}) is None


def test_nor_can_what_is_no_python(tmp_path: Path) -> None:
    assert asked(tmp_path, "def f(:") is None
