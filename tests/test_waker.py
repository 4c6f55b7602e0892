import select

from automl.waker import Waker


def _awake(waker: Waker) -> bool:
    return bool(select.select([waker], [], [], 0)[0])


def test_it_sleeps_until_woken_and_again_once_cleared() -> None:
    waker = Waker()
    assert not _awake(waker)
    waker.wake()
    waker.wake()
    assert _awake(waker)
    waker.clear()
    assert not _awake(waker)
    waker.close()


def test_clearing_a_sleeping_one_changes_nothing() -> None:
    waker = Waker()
    waker.clear()
    assert not _awake(waker)
    waker.close()


def test_waking_never_blocks_however_often() -> None:
    waker = Waker()
    for _ in range(100_000):  # more than a pipe holds
        waker.wake()
    waker.clear()
    assert not _awake(waker)
    waker.close()


def test_a_late_wake_after_close_is_ignored() -> None:
    waker = Waker()
    waker.close()
    waker.wake()
    assert waker.fileno() == -1
