import pytest
from hypothesis import given
from hypothesis import strategies as st
from loop_fakes import PATTERN, make_spec

from automl.errors import RenderError
from automl.launch.tasks.commands import Commands
from automl.render.template import TemplateContext
from automl.space.parameters import Categorical
from automl.space.space import Params, SearchSpace
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.task import BashTask

SPACE = SearchSpace(
    (
        Categorical(name="opt", candidates=("sgd", "adam")),
        Categorical(name="momentum", candidates=(0.9,), when={"opt": "sgd"}),
        Categorical(name="depth", candidates=(1, 2)),
    )
)
SGD = {"opt": "sgd", "momentum": 0.9, "depth": 1}
ADAM = {"opt": "adam", "depth": 1}
MOMENTUM = "{{ trial.param.momentum }}"


def filled(params: Params, *words: str, line: str = "") -> tuple[str, ...] | str:
    reader = LocalReader(location="{{ trial.dir }}/stdout.log", parser_pattern=PATTERN)
    task = BashTask(cmd=line or words, metric_reader=reader)
    context = TemplateContext(
        trial_id=0, params=params, trial_dir="/t", seed=1, study_name="s", study_dir="/s"
    )
    (command,) = Commands(make_spec(space=SPACE, tasks=(task,))).filled(context)
    return command


@pytest.mark.parametrize(
    ("words", "sgd", "adam"),
    [
        (["--momentum", MOMENTUM], ["--momentum", "0.9"], []),
        ([f"--momentum={MOMENTUM}"], ["--momentum=0.9"], []),
        (["-m", MOMENTUM, "-v"], ["-m", "0.9", "-v"], ["-v"]),
        (["-v", "--momentum", MOMENTUM], ["-v", "--momentum", "0.9"], ["-v"]),
        (["--a=1", MOMENTUM], ["--a=1", "0.9"], ["--a=1"]),
        (["plain", MOMENTUM], ["plain", "0.9"], ["plain"]),
        (["--x", "1", MOMENTUM], ["--x", "1", "0.9"], ["--x", "1"]),
        (["--last"], ["--last"], ["--last"]),
        (["--depth", "{{ trial.param.depth }}"], ["--depth", "1"], ["--depth", "1"]),
        (["--both", f"{{{{ trial.param.depth }}}}-{MOMENTUM}"], ["--both", "1-0.9"], []),
        (["{% if trial.param.opt == 'sgd' %}--nesterov{% endif %}"], ["--nesterov"], []),
        (["--v", "{% if trial.param.opt == 'sgd' %}-n{% endif %}"], ["--v", "-n"], ["--v"]),
        (["--empty", ""], ["--empty", ""], ["--empty", ""]),
        (["--a", MOMENTUM, "--b", MOMENTUM], ["--a", "0.9", "--b", "0.9"], []),
    ],
)
def test_words_that_need_a_parameter_that_is_off_are_left_out(
    words: list[str], sgd: list[str], adam: list[str]
) -> None:
    assert filled(SGD, "train", *words) == ("train", *sgd)
    assert filled(ADAM, "train", *words) == ("train", *adam)


def test_a_word_that_asks_first_is_kept() -> None:
    word = "{{ trial.param.momentum if trial.param.opt == 'sgd' else 'none' }}"
    assert filled(SGD, "train", "-m", word) == ("train", "-m", "0.9")
    assert filled(ADAM, "train", "-m", word) == ("train", "-m", "none")


def test_a_shell_line_asks_by_itself() -> None:
    asks = f"train {{% if trial.param.opt == 'sgd' %}}-m {MOMENTUM}{{% endif %}}"
    assert filled(SGD, line=asks) == "train -m 0.9"
    assert filled(ADAM, line=asks).strip() == "train"  # type: ignore[union-attr]
    with pytest.raises(RenderError, match="momentum"):
        filled(ADAM, line=f"train -m {MOMENTUM}")


def test_what_is_wrong_for_another_reason_is_an_error() -> None:
    with pytest.raises(RenderError):
        filled(SGD, "train", "{{ trial.param.depth / 0 }}")
    with pytest.raises(RenderError):
        filled(ADAM, "train", "{{ trial.param.depth / 0 }}")


OFF = st.sampled_from([MOMENTUM, f"--m={MOMENTUM}"])
ON = st.sampled_from(["a", "-b", "--c", "--d=1", "{{ trial.param.depth }}", "", "-"])


@given(st.lists(st.one_of(OFF, ON), max_size=8))
def test_nothing_is_left_out_of_a_trial_that_has_all_and_little_of_another(
    words: list[str],
) -> None:
    every = filled(SGD, "train", *words)
    assert len(every) == len(words) + 1
    some = filled(ADAM, "train", *words)
    off = sum("momentum" in word for word in words)
    assert len(every) - 2 * off <= len(some) <= len(every) - off
    assert not any("0.9" in word for word in some)
