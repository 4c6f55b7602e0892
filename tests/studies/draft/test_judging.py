"""What a person would choose for an option, written down before the code that does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told_judgement import told

from automl.discovery.help_text.parsed import parse_help
from automl.discovery.option import MISSING, Kind, Missing, Option, Plain
from automl.space.kinds.registry import item_from
from automl.studies.draft.judging.judge import Verdict, judge


def option(name: str, kind: Kind, default: "Plain | Missing" = MISSING, **more: object) -> Option:
    return Option((name,), kind, default, **more)  # type: ignore[arg-type]


F, N, C, B, T, U = Kind.FLOAT, Kind.INTEGER, Kind.CHOICE, Kind.FLAG, Kind.TEXT, Kind.UNKNOWN


@pytest.mark.parametrize(
    ("name", "kind", "default", "expected"),
    [
        # Rates: evenly over orders of magnitude, the default in the middle.
        ("--lr", F, 0.01, "0.0003..0.3 log"),
        ("--learning-rate", F, 1e-3, "3e-05..0.03 log"),
        ("--learningRate", F, 0.1, "0.003..1.0 log"),
        ("--lr", F, 1, "0.03..3.0 log"),
        ("--weight_decay", F, 1e-4, "3e-06..0.003 log"),
        ("--weight-decay", F, 0.0, "of 0.0,1e-06,1e-05,0.0001,0.001,0.01,0.1"),
        ("--l2", F, 0.0, "of 0.0,1e-06,1e-05,0.0001,0.001,0.01,0.1"),
        ("--C", F, 1.0, "0.03..30.0 log"),
        ("--gamma", F, 0.1, "0.01..1.0 log"),
        ("--epsilon", F, 1e-3, "3e-05..0.03 log"),
        ("--epsilon", F, 0.1, "0.0..0.5"),
        ("--temperature", F, 1.0, "0.1..10.0 log"),
        ("--clip-grad", F, 5.0, "0.5..50.0 log"),
        # Shares: within 0 and 1.
        ("--dropout", F, 0.1, "0.0..0.5"),
        ("--dropout", F, 0.0, "0.0..0.5"),
        ("--drop_rate", F, 0.5, "0.0..0.9"),
        ("--momentum", F, 0.9, "0.5..0.99"),
        ("--momentum", F, 0.0, "0.0..0.99"),
        ("--beta1", F, 0.9, "0.5..0.99"),
        ("--beta2", F, 0.999, "0.99..0.9999"),
        ("--gamma", F, 0.99, "0.9..0.999"),
        ("--ema-decay", F, 0.999, "0.99..0.9999"),
        ("--subsample", F, 1.0, "0.5..1.0"),
        ("--colsample_bytree", F, 0.8, "0.4..1.0"),
        ("--label-smoothing", F, 0.1, "0.0..0.3"),
        ("--l1_ratio", F, 0.5, "0.0..1.0"),
        ("--keep-prob", F, 0.8, "0.4..1.0"),
        # Counts: whole numbers.
        ("--layers", N, 2, "1..4"),
        ("--max_depth", N, 6, "1..12"),
        ("--n_neighbors", N, 5, "1..15"),
        ("--min_samples_leaf", N, 1, "1..20 log"),
        ("--min-samples-split", N, 2, "2..20 log"),
        ("--num_leaves", N, 31, "8..100 log"),
        ("--n_estimators", N, 100, "20..400 log"),
        ("--warmup-steps", N, 500, "100..2000 log"),
        ("--batch-size", N, 64, "of 16,32,64,128,256"),
        ("--bs", N, 8, "of 2,4,8,16,32"),
        ("--hidden", N, 128, "of 32,64,128,256,512"),
        ("--hidden", N, 100, "20..400 log"),
        # Switches.
        ("--nesterov", B, False, "flag"),
        ("--amp", B, False, "flag"),
        ("--bias", B, True, "left: on by default, and no word was found that turns it off"),
        # Lengths.
        ("--epochs", N, 10, "length"),
        ("--num_train_epochs", F, 3.0, "length"),
        ("--max-steps", N, 1000, "length"),
        ("--total_timesteps", N, 100_000, "length"),
        ("--nEpochs", N, 10, "length"),
        # No default.
        ("--lr", F, MISSING, "1e-05..0.1 log"),
        ("--dropout", F, None, "0.0..0.5"),
        ("--batch_size", N, MISSING, "of 16,32,64,128,256"),
        ("--zeta", F, MISSING, "left: no default tells how large it is"),
        ("--zeta", U, MISSING, "left: no default tells how large it is"),
        # Nothing tells how large they may be.
        ("--shift", F, 0.0, "left: 0 does not tell how large it may be"),
        ("--max_depth", N, -1, "left: a negative default, which may have a meaning of its own"),
        ("--adam-eps", F, 1e-8, "left: so small that it is only a guard"),
        ("--init", T, "xavier", "left: any text: give it choices"),
        ("--betas", U, (0.9, 0.999), "left: takes several words"),
        # What no search should touch.
        ("--seed", N, 0, "left: a seed"),
        ("--random-state", N, 42, "left: a seed"),
        ("--run-id", N, 7, "left: an id"),
        ("--exp_name", T, "x", "left: a name"),
        ("--device", C, "cpu", "left: about this machine"),
        ("--gpu", N, 0, "left: about this machine"),
        ("--local_rank", N, 0, "left: about this machine"),
        ("--num_workers", N, 4, "left: how many work at once"),
        ("--n_jobs", N, 1, "left: how many work at once"),
        ("--port", N, 8080, "left: an address"),
        ("--verbose", B, False, "left: what is printed"),
        ("--log-level", C, "info", "left: what is printed"),
        ("--log_every", N, 10, "left: how often something is done"),
        ("--save-interval", N, 5, "left: how often something is done"),
        ("--eval_steps", N, 100, "left: how often something is done"),
        ("--print-freq", N, 10, "left: how often something is done"),
        ("--data", T, "x", "left: changes what the metric is measured on"),
        ("--data-dir", T, "x", "left: a path"),
        ("--output", U, None, "left: a path"),
        ("--val-split", F, 0.2, "left: changes what the metric is measured on"),
        ("--test_size", F, 0.2, "left: changes what the metric is measured on"),
        ("--patience", N, 5, "left: ends a trial early"),
        ("--early-stopping-rounds", N, 10, "left: ends a trial early"),
        ("--resume", B, False, "left: says what the program is to do"),
        ("--eval-only", B, False, "left: says what the program is to do"),
        ("--num-classes", N, 10, "left: follows from the data"),
        ("--train_batch_size", N, 32, "of 8,16,32,64,128"),
        ("--per_device_train_batch_size", N, 8, "of 2,4,8,16,32"),
        ("--per_device_eval_batch_size", N, 8, "left: changes what the metric is measured on"),
        ("--no-accel", B, False, "left: about this machine"),
        ("--dry-run", B, False, "left: says what the program is to do"),
        ("--train-size", F, 0.8, "left: changes what the metric is measured on"),
        ("--input_dim", N, 784, "left: follows from the data"),
        ("--in-channels", N, 3, "left: follows from the data"),
        ("--gae_lambda", F, 0.95, "0.5..0.99"),
        ("--max_features", F, 0.5, "0.0..1.0"),
        ("--threshold", F, 0.5, "0.0..1.0"),
        ("--mode", C, "train", "left: says what the program is to do"),
        ("--gan_mode", C, "lsgan", "of lsgan,other"),
        ("-v", B, False, "left: what is printed"),
        ("--data.batch_size", N, 32, "of 8,16,32,64,128"),
        ("--optim.steps", N, 100, "length"),
    ],
)
def test_a_person_would_choose_this(
    name: str, kind: Kind, default: "Plain | Missing", expected: str
) -> None:
    choices: tuple[Plain, ...] = (str(default), "other") if kind is C else ()
    assert told(judge(option(name, kind, default, choices=choices))) == expected


def test_choices_are_as_given_with_their_types() -> None:
    judged = judge(option("--layers", C, 2, choices=(1, 2, 4)))
    assert judged.described == {"type": "Categorical", "candidates": [1, 2, 4]}
    assert judged.start == 2
    assert told(judge(option("--opt", C, "adam", choices=("adam", None, "sgd")))) == "of adam,sgd"


def test_the_bounds_of_the_program_hold() -> None:
    assert told(judge(option("--layers", N, 2, low=1, high=8))) == "1..8"
    assert told(judge(option("--width", N, 64, low=32, high=128))) == "32..128"
    assert told(judge(option("--lr", F, 0.01, low=0, high=0.1))) == "0.0003..0.1 log"
    assert told(judge(option("--mask", F, 0.9, low=0, high=1, high_open=True))) == "0.5..0.99"
    assert told(judge(option("--dropout", F, 0.1, low=0, high=1))) == "0.0..0.5"
    assert told(judge(option("--jitter", F, 0.1, low=0, high=2))) == "0.0..2.0"
    assert told(judge(option("--alpha", F, 0.5, low=0.1))) == "0.1..20.0 log"
    assert told(judge(option("--zeta", N, MISSING, low=1, high=9))) == "1..9"


def test_a_flag_has_its_words() -> None:
    judged = judge(option("--amp", B, default=True, negative="--no-amp"))
    assert judged.described == {"type": "Flag", "on": "--amp", "off": "--no-amp"}
    assert judged.start is True
    alone = judge(option("--no-bias", B, default=False))
    assert (alone.name, alone.described["on"], alone.start) == ("no-bias", "--no-bias", False)


def test_what_was_typed_goes_before_the_default() -> None:
    judged = judge(option("--lr", F, 0.01, given=("1",)))
    assert (told(judged), judged.start) == ("0.03..3.0 log", 1.0)
    assert judge(option("--amp", B, default=False, given=())).start is True
    assert judge(option("--opt", C, "a", choices=("a", "b"), given=("b",))).start == "b"
    assert judge(option("lr", U, given=("0.5",), positional=True)).start == 0.5


def test_a_number_that_a_help_text_writes_as_1_may_be_a_rate() -> None:
    (cost,) = parse_help("options:\n-c cost : set the parameter C (default 1)\n").options
    assert told(judge(cost)) == "0.03..30.0 log"


def test_an_option_that_is_a_letter_is_known_by_its_description() -> None:
    text = "Options:\n  -n N  number of epochs (default: 5)\n  -q X  random seed (default: 5)\n"
    assert [told(judge(one)) for one in parse_help(text).options] == ["length", "left: a seed"]


def test_without_a_default_the_search_begins_in_the_middle() -> None:
    judged = judge(option("--lr", F))
    assert (judged.start, judged.known) == (0.001, False)


@pytest.mark.parametrize(
    ("name", "kind", "stands_for", "help_text", "expected"),
    [
        ("-e", N, "EPOCHS", "how long", "length"),
        ("-e", N, "n_epochs", "", "length"),
        ("-e", N, "N", "epochs", "length"),
        ("-d", N, "DEPTH", "layers", "1..6"),
        ("-l", N, "", "", "1..6"),
        ("-s", N, "SEED", "start here", "left: a seed"),
        ("-v", B, "", "say more", "left: what is printed"),
        ("-q", B, "", "", "left: what is printed"),
        ("-v", B, "", "", "left: what is printed"),
        ("-v", N, "", "velocity", "1..6"),
        ("-b", B, "balanced", "", "flag"),
        ("--epochs", N, "SEED", "", "length"),
    ],
)
def test_a_letter_is_judged_by_what_it_stands_for(
    name: str, kind: Kind, stands_for: str, help_text: str, expected: str
) -> None:
    default = False if kind is B else 3
    asked = option(name, kind, default, stands_for=stands_for, help=help_text)
    assert told(judge(asked)) == expected


@pytest.mark.parametrize(
    ("default", "low", "high", "expected"),
    [
        (1e-3, 0, 1, "3e-05..0.03 log"),  # the bound that is not taken is far below the range
        (1e-3, 0, None, "3e-05..0.03 log"),
        (0.5, 0, 1, "0.02..0.995 log"),
    ],
)
def test_a_bound_that_is_not_taken_leaves_the_default_within(
    default: float, low: float, high: float | None, expected: str
) -> None:
    asked = option("--lr", F, default, low=low, high=high, low_open=True, high_open=True)
    assert told(judge(asked)) == expected


@pytest.mark.parametrize(
    ("name", "default", "told"),
    [
        ("n", 5e307, "so large that it is no limit"),
        ("max_norm", 1e300, "so large that it is no limit"),
        ("lr", 5e-324, "so small that it is only a guard"),
    ],
)
def test_a_default_that_stands_for_no_number_tells_no_range(
    name: str, default: float, told: str
) -> None:
    judged = judge(option(f"--{name}", Kind.FLOAT, default))
    assert judged.verdict is not Verdict.TUNED
    assert told in judged.why


@given(
    st.sampled_from(
        "lr dropout momentum beta2 batch_size hidden layers alpha gamma eps C n x depth".split()  # noqa: SIM905
    ),
    st.sampled_from([F, N, U]),
    st.one_of(
        st.floats(allow_nan=True, allow_infinity=True), st.integers(-(2**40), 2**40), st.none()
    ),
    st.one_of(st.none(), st.floats(-1e6, 1e6)),
    st.one_of(st.none(), st.floats(-1e6, 1e6)),
)
def test_every_parameter_can_be_made_and_takes_its_first_value(
    name: str, kind: Kind, default: float | None, low: float | None, high: float | None
) -> None:
    if low is not None and high is not None and low >= high:
        low = None
    judged = judge(option(f"--{name}", kind, default, low=low, high=high))
    if judged.verdict is Verdict.TUNED:
        parameter = item_from({"name": judged.name, **judged.described})
        assert parameter.contains(judged.start)  # type: ignore[union-attr, arg-type]
