"""The verbs that ask: what is written down, what became of it, what is refused at once."""

import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from written_studies import COMPLETE, event, opened, running, write_study

from automl.cli.exits import NO_STUDY, USAGE, WELL, WITHOUT_VALUE
from automl.journal import control
from automl.journal.events import RequestTaken, encode
from automl.journal.folder import StudyFolder
from automl.journal.lock import StudyLock
from automl.journal.requests import request_dict

Run = Callable[..., tuple[int, str, str]]
PARAMS = ["lr=0.5", "opt=sgd"]


@pytest.fixture(autouse=True)
def known_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are called r0, r1 and so on."""
    numbers = count()
    monkeypatch.setattr(control, "new_id", lambda: f"r{next(numbers)}")


@pytest.fixture
def live(here: Path) -> Iterator[StudyFolder]:
    """A study that this process seems to run; it has answered r0, and refused r1."""
    folder = write_study(here, "live", [opened(), *running(0, 0.5, "adam")])
    with folder.journal.open("ab") as file:
        file.write(encode(event(RequestTaken, offset=0, request={}, done=True, id="r0")))
        file.write(
            encode(event(RequestTaken, offset=0, request={}, done=False, reason="no", id="r1"))
        )
    lock = StudyLock(folder)
    yield folder
    lock.release()


def asked(folder: StudyFolder) -> list[dict[str, object]]:
    items = [one for one, _ in control.read_requests(folder.control, 0)]
    assert {one.who.door for one in items if one.who} <= {"cli"}
    return [request_dict(one.request) for one in items if one.request]


@pytest.mark.parametrize(
    ("words", "request_"),
    [
        (["stop", "0"], {"request": "stop_trial", "trial": 0}),
        (["stop", "live", "0"], {"request": "stop_trial", "trial": 0}),
        (["stop", "live", "--all"], {"request": "stop_study"}),
        (["retry", "0"], {"request": "retry_trial", "trial": 0}),
        (["retry", "--failed"], {"request": "retry_failed"}),
        (["add", "-n", "5"], {"request": "add_trials", "count": 5}),
        (["add", *PARAMS], {"request": "add_trial", "params": {"lr": 0.5, "opt": "sgd"}}),
        (
            ["add", "automl_studies/live", "opt=adam", "lr=1"],
            {"request": "add_trial", "params": {"opt": "adam", "lr": 1.0}},
        ),
        (
            ["add", *PARAMS, "--note", "larger batch"],
            {
                "request": "add_trial",
                "params": {"lr": 0.5, "opt": "sgd"},
                "note": "larger batch",
            },
        ),
        (["set", "max_parallel=3"], {"request": "set_max_parallel", "count": 3}),
        (["set", "live", "max_trial_num=9"], {"request": "set_max_trial_num", "count": 9}),
        (["pause"], {"request": "pause"}),
        (["resume", "live"], {"request": "resume"}),
        (["drain"], {"request": "drain"}),
    ],
)
def test_what_is_asked_is_written_and_its_answer_told(
    automl: Run, live: StudyFolder, words: list[str], request_: dict[str, object]
) -> None:
    code, out, err = automl(*words)
    assert asked(live) == [request_]
    assert (code, err) == (WELL, "")
    assert out.startswith(str(request_["request"]))
    assert out.endswith(": done\n")


@pytest.mark.usefixtures("live")
def test_of_several_the_refused_ones_are_told_as_errors(automl: Run) -> None:
    code, out, err = automl("set", "max_parallel=3", "max_trial_num=9")
    assert (code, out) == (WITHOUT_VALUE, "set_max_parallel 3: done\n")
    assert err == "automl: error: set_max_trial_num 9: refused: no\n"


@pytest.mark.usefixtures("live")
def test_the_answers_as_a_document(automl: Run) -> None:
    words = ["set", "max_parallel=3", "max_trial_num=9", "--json", "--timeout", "0"]
    code, out, err = automl(*words)
    document = json.loads(out)
    assert (code, err) == (WITHOUT_VALUE, "")
    assert (document["version"], document["study"]) == (1, "live")
    assert document["requests"] == [
        {"id": "r0", "request": "set_max_parallel 3", "state": "done", "reason": ""},
        {"id": "r1", "request": "set_max_trial_num 9", "state": "refused", "reason": "no"},
    ]


def test_a_study_that_does_not_answer(
    automl: Run, live: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "new_id", lambda: "r9")
    code, out, _ = automl("pause", "--timeout", "0.01")
    assert code == WITHOUT_VALUE
    assert out == "pause: unanswered: the study has not answered yet; it will take this up\n"
    # Who does not wait for an answer misses none.
    assert automl("pause", "--timeout", "0")[0] == WELL
    assert len(asked(live)) == 2


def test_nobody_waits_for_a_study_that_does_not_run(automl: Run, digits: StudyFolder) -> None:
    code, out, err = automl("retry", "2")
    assert (code, err) == (WELL, "")
    assert out == "retry_trial 2: kept: nothing runs the study now; its next start takes this up\n"
    assert asked(digits) == [{"request": "retry_trial", "trial": 2}]
    code, out, err = automl("pause")
    assert (code, out) == (WITHOUT_VALUE, "")
    assert err == (
        "automl: error: pause: refused: nothing runs the study 'digits', and this is for one that "
        "runs\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["stop"], "the id of a trial is missing"),
        (["stop", "live"], "the id of a trial is missing"),
        (["stop", "live", "--all", "3"], "give no ids"),
        (["stop", "0", "x"], "is a whole number from 0, got 'x'"),
        (["stop", "7"], "no trial 7; its trials are 0 to 0"),
        (["add"], "give PARAMETER=VALUE for each parameter, or -n COUNT"),
        (["add", "-n", "2", "lr=1"], "give PARAMETER=VALUE for each parameter, or -n COUNT"),
        (["add", *PARAMS, "--note", "two\nlines"], "note must be one line of at most 200"),
        (["add", *PARAMS, "--note", "x" * 201], "note must be one line of at most 200"),
        (["add", "lr=1", "lr=2"], "'lr' is given twice"),
        (["add", "live", "lr", "opt=sgd"], "expected KEY=VALUE, got 'lr'"),
        (["add", "lr=2", "opt=sgd"], "lr: '2' is not allowed"),
        (["add", "lr=0.5"], "'opt' has no value"),
        (["add", "lrr=0.5", "opt=sgd"], "no parameter 'lrr' (did you mean 'lr'?)"),
        (["set", "live"], "give LIMIT=NUMBER"),
        (["set", "max_paralel=2"], "did you mean 'max_parallel'?"),
        (["set", "max_parallel=0"], "must be a whole number from 1, got '0'"),
        (["set", "max_parallel=many"], "must be a whole number from 1, got 'many'"),
    ],
)
def test_what_cannot_be_is_not_asked(
    automl: Run, live: StudyFolder, words: list[str], told: str
) -> None:
    code, out, err = automl(*words)
    assert (code, out) == (USAGE, "")
    assert told in err
    assert asked(live) == []


@pytest.mark.parametrize("verb", ["pause", "resume", "drain"])
def test_a_study_that_is_not_there_is_not_asked(automl: Run, here: Path, verb: str) -> None:
    write_study(here, "one", COMPLETE)
    assert automl(verb, "two")[0] == NO_STUDY


def test_failures_that_nobody_has_seen_yet_can_be_asked_for(automl: Run, here: Path) -> None:
    folder = write_study(here, "left", [opened(), *running(0, 0.5, "adam")])
    code, out, _ = automl("retry", "left", "--failed")
    assert (code, out) == (
        WELL,
        "retry_failed: kept: nothing runs the study now; its next start takes this up\n",
    )
    assert folder.control.exists()
