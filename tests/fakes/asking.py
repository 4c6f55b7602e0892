"""Launches that ask for their parameters, as the process of an objective does."""

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from loop_bench import Bench
from loop_fakes import PATTERN

from automl.inside.drawing import Draws
from automl.inside.drawn import Drawn, drawn_of
from automl.inside.files import DRAWN, PROPOSED, records_in
from automl.search.algorithms import Search, make_proposer
from automl.search.problem import problem_of
from automl.space.space import SearchSpace
from automl.study.launch import Exit, Launch
from automl.study.spec import Algorithm
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask
from automl.testing import FakeRun

Objective = Callable[[Any], float]


def drawn_in(folder: Path) -> list[Drawn]:
    """What the process of a trial asked for, in its order."""
    return [one for record in records_in(f"{folder}/{DRAWN}") if (one := drawn_of(record))]


def proposed_to(launch: Launch) -> dict[str, Any]:
    """What the launch's process reads."""
    content = (Path(launch.script).parent / PROPOSED).read_text()
    return json.loads(content)  # type: ignore[no-any-return]


def asks(launch: Launch, objective: Objective, after_s: float = 1.0) -> FakeRun:
    """A launch that asks at its start, and prints the value; where it raises, exit code 1."""
    with tempfile.TemporaryDirectory() as folder:
        draws = Draws(folder, launch.trial_id, proposed_to(launch))
        try:
            printed, code = f"value={objective(draws)}\n", 0
        except Exception as error:  # noqa: BLE001 - whatever it is, the trial failed
            printed, code = f"{type(error).__name__}: {error}\n", 1
        drawn = Path(folder, DRAWN)
        asked = drawn.read_text() if drawn.exists() else ""
    files: Mapping[str, str] = {
        str(Path(launch.script).parent / DRAWN): asked,
        launch.stderr if code else launch.stdout: printed,
    }
    return FakeRun(after_s=after_s, files=files, exit=Exit(code=code))


def learnt(bench: Callable[..., Bench], objective: Objective, **changes: Any) -> Bench:
    """A study on played processes whose space is learnt from what an objective asks for."""
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    one = bench(
        **{
            "space": SearchSpace((), learnt=True),
            "tasks": (BashTask(cmd=("true",), metric_reader=reader),),
            "algorithm": Algorithm(type="tpe"),
            "max_trials": 8,
            **changes,
        }
    )
    one.program = lambda launch: asks(launch, objective)

    def search(seed: int) -> Search:
        spec = one.spec
        made = make_proposer(spec.algorithm, problem_of(spec, seed, spec.limits.max_trials))
        return Search(proposer=made.proposer, aside=False)

    one.search = search
    return one
