"""What a study tells in the cell that runs it."""

import logging
import sys

import pytest
from fake_notebook import FakeNotebook, become_notebook
from loop_fakes import make_spec
from progress_facts import progress_of

from automl.show.fitting import Extent
from automl.show.progress import RunningTrial
from automl.studies.from_terminal import FROM_TERMINAL
from automl.studies.telling.end import StudyInterrupted, leave
from automl.studies.telling.extent import extent_shown
from automl.studies.telling.observers import CellObserver, LineObserver, choose_observer
from automl.study.trial import Trial, TrialState

DONE = Trial(id=18, params={}, state=TrialState.COMPLETED, value=0.5)
FAILED = Trial(id=19, params={}, state=TrialState.FAILED)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> FakeNotebook:
    # Other tests run commands of the terminal in this process.
    monkeypatch.setattr(FROM_TERMINAL, "quiet", False)
    return become_notebook(monkeypatch)


def test_a_cell_shows_one_output_that_ends_with_what_was_counted_last(
    notebook: FakeNotebook,
) -> None:
    spec = make_spec()
    observer = choose_observer(spec)
    assert isinstance(observer, CellObserver)
    running = RunningTrial(id=19, params={}, elapsed_s=1.0)
    observer.progress(progress_of(spec, done=17))
    observer.progress(progress_of(spec, running, done=18))
    observer.progress(progress_of(spec, done=20, failed=2))
    observer.close()
    assert [one["update"] for one in notebook.published] == [False, True, True, True]
    assert "19 " in notebook.texts()[1]
    assert " 20/20, 2 failed" in notebook.texts()[-1]
    assert len({one["transient"]["display_id"] for one in notebook.published}) == 1


def test_a_study_that_never_began_shows_nothing(notebook: FakeNotebook) -> None:
    choose_observer(make_spec()).close()
    assert notebook.published == []


def test_only_trials_that_failed_are_logged_beside_it(
    notebook: FakeNotebook,
    caplog: pytest.LogCaptureFixture,
) -> None:
    del notebook
    observer = choose_observer(make_spec())
    with caplog.at_level(logging.INFO, logger="automl"):
        observer.trial_ended(DONE, None)
        observer.trial_ended(FAILED, None)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_an_editor_that_is_gone_disturbs_no_study(notebook: FakeNotebook) -> None:
    notebook.broken = True
    spec = make_spec()
    observer = choose_observer(spec)
    observer.progress(progress_of(spec))
    observer.close()


def test_who_wants_no_lines_is_shown_no_output(
    notebook: FakeNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    del notebook
    monkeypatch.setattr(logging.getLogger("automl"), "level", logging.WARNING)
    assert isinstance(choose_observer(make_spec()), LineObserver)


def test_a_terminal_gets_what_it_got() -> None:
    assert isinstance(choose_observer(make_spec()), LineObserver)


def test_an_interrupted_cell_ends_in_one_line(
    notebook: FakeNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    del notebook
    monkeypatch.setattr(sys, "ps1", "In : ", raising=False)
    with pytest.raises(KeyboardInterrupt) as caught:
        leave("SIGINT")
    assert isinstance(caught.value, StudyInterrupted)
    assert caught.value._render_traceback_() == [
        "KeyboardInterrupt: the study was interrupted; the same cell goes on"
    ]


def test_a_cell_gets_as_much_of_a_table_as_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert extent_shown().rows is None
    become_notebook(monkeypatch)
    assert extent_shown() == Extent(width=100, rows=20, fits=True)
