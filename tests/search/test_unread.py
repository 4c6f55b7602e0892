from automl.search.sampler import Told
from automl.search.unread import Asks, Unread
from automl.study.trial import TrialState


def told(trial_id: int) -> Told:
    return Told(trial_id=trial_id, params={}, state=TrialState.PLANNED)


def test_each_line_of_a_history_is_read_once() -> None:
    unread, history = Unread(), [told(0), told(1)]
    assert [one.trial_id for one in unread.of(history)] == [0, 1]
    assert list(unread.of(history)) == []
    history.append(told(2))
    assert [one.trial_id for one in unread.of(history)] == [2]


def test_what_is_told_while_it_is_read_comes_next() -> None:
    class Growing(list[Told]):
        def __getitem__(self, key: object) -> object:
            found = super().__getitem__(key)  # type: ignore[call-overload]
            self.append(told(len(self)))
            return found

    unread, history = Unread(), Growing([told(0)])
    assert [[one.trial_id for one in unread.of(history)] for _ in range(3)] == [[0], [1], [2]]


def test_questions_are_counted_until_something_is_told() -> None:
    asks = Asks()
    asked = [(0, 0), (0, 0), (0, 1), (1, 1), (1, 1), (1, 1), (0, 1)]
    assert [asks.count(*one) for one in asked] == [1, 2, 1, 1, 2, 3, 1]
