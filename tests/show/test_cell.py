"""The live view in a notebook's cell."""

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from progress_facts import progress_of

from automl.show.live.cell import CellView
from automl.show.progress import Progress, RunningTrial
from automl.space.parameters import Categorical, Real
from automl.space.space import SearchSpace
from automl.study.spec import StudySpec
from automl.study.trial import Trial

MakeSpec = Callable[..., StudySpec]
MakeTrial = Callable[..., Trial]


class Shown:
    """Keeps what a view publishes."""

    def __init__(self) -> None:
        self.outputs: list[tuple[Mapping[str, str], str, bool]] = []

    def __call__(self, data: Mapping[str, str], display_id: str, *, again: bool) -> None:
        self.outputs.append((data, display_id, again))

    @property
    def html(self) -> str:
        return self.outputs[-1][0]["text/html"]

    @property
    def text(self) -> str:
        return self.outputs[-1][0]["text/plain"]


class Cells(HTMLParser):
    """The rows of a table, and the elements that are open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        del attrs
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] in {"td", "th"}:
            self.rows[-1][-1] += data.strip()


@pytest.fixture
def shown() -> Shown:
    return Shown()


@pytest.fixture
def view(shown: Shown) -> CellView:
    return CellView(shown)


def facts(make_spec: MakeSpec, completed: MakeTrial, running: int = 2, **changes: Any) -> Progress:
    space = SearchSpace(
        (
            Real(name="lr", min_value=0.0, max_value=100.0),
            Categorical(name="a<b>", candidates=("<script>", "&amp;")),
        )
    )
    trials = [
        RunningTrial(id=9 + n, params={"lr": n / 4, "a<b>": "<script>"}, elapsed_s=12.0, value=n)
        for n in range(running)
    ]
    leaders = tuple(completed(one, 0.9 - one, lr=0.5, **{"a<b>": "&amp;"}) for one in range(5))
    given = {"best": leaders[0], "leaders": leaders, **changes}
    return progress_of(make_spec(space=space), *trials, **given)


def test_the_running_and_the_best_trials_are_a_table(
    make_spec: MakeSpec, completed: MakeTrial, shown: Shown, view: CellView
) -> None:
    view.show(facts(make_spec, completed, note="stop<ping", hint="an interrupt stops it"))
    found = Cells(shown.html)
    assert found.open == []
    assert found.rows[0] == ["trial", "time", "seen", "metric", "lr", "a<b>"]
    assert [row[0] for row in found.rows[1:]] == ["9", "> 10", "best so far:", "* 0", "1", "2"]
    assert found.rows[1][-1] == "<script>"
    assert found.rows[4][-2:] == ["0.5", "&amp;"]
    assert "<b>digits</b>" in shown.html
    assert "9/20, 1 failed, 1 min 05 s, ~2 min 10 s left" in shown.html
    assert "stop&lt;ping" in shown.html
    assert "<script>" not in shown.html
    assert shown.text.splitlines()[-2:] == ["stop<ping", "an interrupt stops it"]


def test_what_is_shown_is_replaced_where_it_changed(
    make_spec: MakeSpec, completed: MakeTrial, shown: Shown, view: CellView
) -> None:
    first = facts(make_spec, completed)
    for one in (first, first, facts(make_spec, completed, done=10)):
        view.show(one)
    assert [again for _, _, again in shown.outputs] == [False, True]
    assert len({name for _, name, _ in shown.outputs}) == 1


def test_the_counts_stay_once_it_ended(
    make_spec: MakeSpec, completed: MakeTrial, shown: Shown, view: CellView
) -> None:
    view.show(facts(make_spec, completed))
    view.end(facts(make_spec, completed, done=20, note="stopping", hint="press"))
    assert re.fullmatch(r"digits ━+ 20/20, 1 failed, 1 min 05 s", shown.text)
    assert Cells(shown.html).rows == []
    assert "stopping" not in shown.html


def test_no_study_makes_the_output_long(
    make_spec: MakeSpec, completed: MakeTrial, shown: Shown, view: CellView
) -> None:
    view.show(facts(make_spec, completed, running=500))
    assert len(Cells(shown.html).rows) < 25
    assert "and 484 more that run" in shown.html
    assert len(shown.text.splitlines()) <= 20


def test_a_study_without_an_end_has_no_bar(
    make_spec: MakeSpec, completed: MakeTrial, shown: Shown, view: CellView
) -> None:
    view.show(facts(make_spec, completed, total=None))
    assert "<progress" not in shown.html
    assert "9 done" in shown.html
    view.show(facts(make_spec, completed))
    assert '<progress max="20" value="9">' in shown.html


def test_names_that_do_not_fit_are_counted(
    make_spec: MakeSpec, completed: MakeTrial, shown: Shown, view: CellView
) -> None:
    names = [f"a_rather_long_name_{number}" for number in range(30)]
    space = SearchSpace(tuple(Real(name=one, min_value=0.0, max_value=9.0) for one in names))
    values = dict.fromkeys(names, 0.25)
    spec = make_spec(space=space)
    view.show(progress_of(spec, leaders=(completed(1, 0.5, **values),)))
    rows = Cells(shown.html).rows
    assert rows[0][-1] == f"+{30 - (len(rows[0]) - 5)}"


def test_a_study_that_ends_at_once_shows_its_counts(
    make_spec: MakeSpec, completed: MakeTrial, shown: Shown, view: CellView
) -> None:
    view.end(facts(make_spec, completed, done=20))
    assert [again for _, _, again in shown.outputs] == [False]
    assert "20/20" in shown.text
