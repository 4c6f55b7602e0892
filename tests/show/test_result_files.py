import csv
import dataclasses
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime

from automl.show.columns import table_columns
from automl.show.result_files import best_text, csv_text
from automl.study.objective import Objective, Objectives
from automl.study.trial import Trial, TrialState

MakeTrial = Callable[..., Trial]


def rows(trials: list[Trial]) -> list[dict[str, str]]:
    columns = table_columns(trials, [], objectives=Objectives(), full=True)
    return list(csv.DictReader(io.StringIO(csv_text(columns))))


def test_the_file_has_every_digit_and_every_column(completed: MakeTrial) -> None:
    lr, value = 0.0035252026651556656, 0.91234567890123
    start = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    good = dataclasses.replace(completed(3, value, lr=lr, d=2, big=2**70), started_at=start)
    bad = Trial(id=1, params={"lr": 1e-300}, state=TrialState.FAILED, reason='a "b",\nc')
    first, second = rows([bad, good])
    assert first["params.lr"] == repr(lr)
    assert first["results.metric"] == repr(value)
    assert (first["params.d"], first["params.big"]) == ("2", str(2**70))
    assert first["metadata.start"] == "2026-01-02T03:04:05.678901+00:00"
    assert (second["metadata.id"], second["metadata.state"]) == ("1", "failed")
    assert (second["params.d"], second["results.metric"]) == ("", "")
    assert second["metadata.reason"] == r'a "b",\nc'
    assert second["metadata.exit_code"] == ""


def test_values_keep_apart_what_is_none_and_what_is_not_there(completed: MakeTrial) -> None:
    values = [None, True, "None ", 'a,"b"', [1, "x"], {"k": None}, 2.0, "line\nline"]
    found = rows([completed(place, -place, v=value) for place, value in enumerate(values)])
    assert [row["params.v"] for row in found] == [
        *("None", "True", "None ", 'a,"b"', '[1, "x"]', '{"k": null}', "2.0", "line\nline")
    ]


def test_the_best_is_told_with_types_and_command(completed: MakeTrial) -> None:
    trial = completed(3, 0.1 + 0.2, n=2, f=2.0, flag=True, none=None, word="é", several=[1, 2])
    told = json.loads(best_text(trial, Objectives(), "python a.py --n 2"))
    assert told == {
        "trial": 3,
        "metric": "metric",
        "value": 0.1 + 0.2,
        "direction": "maximize",
        "params": dict(trial.params),
        "command": "python a.py --n 2",
    }
    assert type(told["params"]["f"]) is float
    both = Objectives((Objective(metric="acc"), Objective(metric="ms")))
    trial = dataclasses.replace(trial, metrics={"acc": 0.3, "ms": 7.0})
    assert json.loads(best_text(trial, both, ""))["metrics"] == {"acc": 0.3, "ms": 7.0}
