"""The end of a study is told by a command, once, and whatever becomes of it."""

import logging
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.errors import JournalError, SpecError
from automl.hpo import AutoTuner
from automl.journal.folder import StudyFolder
from automl.loop.opened_run import OpenedRun
from automl.loop.result import StudyResult
from automl.render.ends.end_command import EndCommand
from automl.studies import end_command as module
from automl.studies.end_command import Event, News, news_of, tell
from automl.study.trial import Trial, TrialState

Right = Callable[..., dict[str, Any]]

NEVER = "sleep 1000"


def told(folder: Path) -> list[str]:
    path = folder / "automl_studies/study/on_end.log"
    return path.read_text().splitlines() if path.exists() else []


def result(*trials: Trial, **changes: Any) -> StudyResult:
    fields: dict[str, Any] = {
        "trials": trials,
        "best": None,
        "confirmed": (),
        "default": None,
        "reached": False,
        "best_command": "",
        "continued": False,
        "max_trials": 4,
        "reason": "all trials have ended",
        "complete": True,
        "idle": False,
        "signal": "",
    }
    return StudyResult(**fields | changes)


def trial(number: int, state: str, value: float | None = None) -> Trial:
    return Trial(id=number, params={}, state=TrialState(state), value=value)


def test_the_end_is_told_by_words_and_by_variables(right: Right, folder: Path) -> None:
    words = [
        "echo",
        "{{ study.name }} {{study.event}}",
        "<<study.best_value>>",
        "{{ study.trials }}",
    ]
    AutoTuner(**right(on_end=words)).fit()
    assert told(folder) == ["study end 2.0 2"]
    line = 'echo "$AUTOML_STUDY_NAME" {{ study.best_trial }} "{{ study.reason }}" $AUTOML_STUDY_DIR'
    tuner = AutoTuner(**right(on_end=line, name="other"))
    tuner.fit()
    log = folder / "automl_studies/other/on_end.log"
    where = folder / "automl_studies/other"
    assert log.read_text() == f"other {tuner.best_trial.id} all 2 trials have ended {where}\n"


def test_what_had_ended_before_is_not_told_again(right: Right, folder: Path) -> None:
    AutoTuner(**right(on_end="echo {{ study.event }}")).fit()
    AutoTuner(**right(on_end="echo {{ study.event }}")).fit()
    assert told(folder) == ["end"]


def test_an_end_that_a_kill_kept_from_being_told_is_told_at_the_next_start(
    right: Right, folder: Path
) -> None:
    AutoTuner(**right(on_end="echo {{ study.event }}")).fit()
    journal = folder / "automl_studies/study/journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    assert "StudyClosed" in lines[-1]
    journal.write_text("".join(lines[:-1]))
    AutoTuner(**right(on_end="echo {{ study.event }}")).fit()
    AutoTuner(**right(on_end="echo {{ study.event }}")).fit()
    assert told(folder) == ["end", "end"]


def test_a_study_that_cannot_go_on_is_told_as_a_failure(
    right: Right, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise JournalError("the folder was lost")

    monkeypatch.setattr(OpenedRun, "run", lost)
    with pytest.raises(JournalError):
        AutoTuner(**right(on_end='echo "$AUTOML_STUDY_EVENT: $AUTOML_STUDY_REASON"')).fit()
    assert told(folder) == ["failure: the folder was lost"]


@pytest.mark.parametrize(
    ("ended", "event"),
    [
        (result(trial(0, "completed", 1.0)), Event.END),
        (result(trial(0, "completed", 1.0), trial(1, "failed")), Event.END),
        (result(trial(0, "completed", 1.0), complete=False), Event.PAUSE),
        (result(trial(0, "failed"), complete=False, signal="SIGINT"), Event.PAUSE),
        (result(complete=False, signal="SIGTERM"), Event.PAUSE),
        (result(trial(0, "failed"), trial(1, "failed")), Event.FAILURE),
        (result(trial(0, "failed"), complete=False), Event.FAILURE),
        (result(trial(0, "stopped"), complete=False), Event.PAUSE),
    ],
)
def test_how_a_study_ended(ended: StudyResult, event: Event) -> None:
    assert news_of(ended).event is event


def run(
    right: Right, folder: Path, command: Any, asked: Callable[[], bool] = lambda: False
) -> None:
    """Tell of an end by a command, without a study."""
    spec = AutoTuner(**right(on_end=command))._study.spec
    place = StudyFolder(folder / "automl_studies", "study")
    place.create()
    tell(spec, place, News(Event.END, "all\nis done", result()), asked)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("exit 3", "on_end failed, exit code 3; see automl_studies/study/on_end.log"),
        ("kill -9 $$", "on_end failed, signal 9"),
        (["./nowhere"], "on_end could not be started"),
        ("echo $(({{ study.reason }}))", "on_end could not be started: on_end: "),
    ],
)
def test_its_failure_is_told_and_changes_nothing(
    command: Any, why: str, right: Right, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run(right, folder, command)
    assert why in caplog.text


def test_one_that_hangs_is_ended_with_all_of_its_session(
    right: Right, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "LIMIT_S", 0.3)
    monkeypatch.setattr(module, "GRACE_S", 0.3)
    run(right, folder, f"trap '' TERM; {NEVER} & echo $! > child; wait; {NEVER}")
    assert "on_end takes more than" in caplog.text
    child = int((folder / "child").read_text())
    assert "sleep" not in (_name(child))


def _name(pid: int) -> str:
    """Return the name of a process that runs, empty for one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().split()
    except OSError:
        return ""
    return "" if fields[2] == "Z" else fields[1]


def test_nobody_who_wants_to_end_waits_for_it(
    right: Right, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run(right, folder, NEVER, asked=lambda: True)
    assert "on_end is waited for no longer, and is ended" in caplog.text


def test_it_does_not_hear_the_scripts_ctrl_c(right: Right, folder: Path) -> None:
    run(right, folder, "ps -o sid= -p $$ | tr -d ' '; echo $$")
    session, own = told(folder)
    assert session == own


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("echo {{ study.best }}", "'study.best' is unknown .*did you mean 'study.best_"),
        (["echo", "{{ trial.id }}"], "'trial.id' is unknown"),
        (["echo", "<<study.nam>>"], "'study.nam' is unknown"),
        ("", "empty"),
        ([], "list of words"),
        (3, "list of words"),
        ([None], "must be a string or a number"),
    ],
)
def test_another_command_is_refused(command: Any, told: str, right: Right, folder: Path) -> None:
    with pytest.raises(SpecError, match=rf"on_end.*{told}") as caught:
        AutoTuner(**right(on_end=command))
    assert caught.value.place.startswith("on_end")
    assert list(folder.iterdir()) == []


def test_a_program_that_is_not_there_is_warned_of_before_the_start(
    right: Right, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    AutoTuner(**right(on_end=["notify-nobody", "x"]))
    assert "on_end: 'notify-nobody' is not there" in caplog.text
    caplog.clear()
    caplog.set_level(logging.WARNING)
    (folder / "tell.sh").write_text("#!/bin/sh\n")
    (folder / "tell.sh").chmod(0o755)
    for there in (["echo"], ["./tell.sh"], ["{{ study.name }}"], "notify-nobody"):
        AutoTuner(**right(on_end=there))
    assert "on_end" not in caplog.text


def test_values_are_quoted_in_a_shell_line() -> None:
    values = dict.fromkeys(("study.name", "study.reason"), "it's; rm -rf $HOME `x`")
    line = EndCommand("say {{ study.name }} \"{{ study.reason }}\" '<<study.reason>>'").filled(
        values
    )
    assert line[:2] == ["/bin/sh", "-c"]
    assert (
        shlex.split(line[2].replace("\\$", "$").replace("\\`", "`"))[1:]
        == ["it's; rm -rf $HOME `x`"] * 3
    )


def test_git_leaves_a_studys_folder_alone(right: Right, folder: Path) -> None:
    AutoTuner(**right()).fit()
    ignored = folder / "automl_studies/study/.gitignore"
    assert ignored.read_text() == "*\n"
    assert not (folder / "automl_studies/.gitignore").exists()
    ignored.write_text("!trials\n")
    AutoTuner(**right()).fit()
    assert ignored.read_text() == "!trials\n"


def test_the_home_of_a_user_is_read_as_in_commands(
    right: Right, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HOME", str(folder / "at home"))
    teller = folder / "at home" / "bin" / "tell"
    teller.parent.mkdir(parents=True)
    teller.write_text('#!/bin/sh\necho "$0 $1" > told-at-home\n')
    teller.chmod(0o755)
    AutoTuner(**right(on_end=["~/bin/tell", "~"])).fit()
    assert (folder / "told-at-home").read_text() == f"{teller} ~\n"
    assert "is not there" not in caplog.text
    AutoTuner(**right(name="two", on_end=["~/bin/nobody"]))
    assert "on_end: '~/bin/nobody' is not there" in caplog.text
