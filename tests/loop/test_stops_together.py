"""All trials that are to stop are stopped by one call, however many they are."""

from collections.abc import Callable, Sequence

from loop_bench import Bench
from loop_fakes import prints

from automl.study.launch import Handle

MakeBench = Callable[..., Bench]

COUNT = 8


def test_a_ctrl_c_stops_all_trials_by_one_call(bench: MakeBench) -> None:
    one = bench(max_trials=COUNT, max_parallel=COUNT)
    one.program = lambda launch: prints(launch, after_s=9000)
    cancel, calls = one.stage.cancel, []

    def counted(handles: Sequence[Handle], grace_s: float) -> None:
        calls.append((len(handles), grace_s))
        cancel(handles, grace_s)

    one.stage.cancel = counted  # type: ignore[method-assign]
    one.interrupt_after(5.0)
    one.run()
    assert calls == [(COUNT, one.spec.limits.grace_s)]
