"""Shell scripts of several styles; what they take was written down before."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.discovery.option import MISSING, How, Option
from automl.discovery.shell.script import is_shell, options_in_script

CASE = r"""#!/bin/bash
# Usage: train.sh [options]
#   --opt NAME    one of adam, sgd
lr=0.1 layers=2
opt="adam"
while [ $# -gt 0 ]; do
  case "$1" in
    --lr) lr=$2; shift 2;;
    -n|--layers) layers="$2"; shift; shift ;;
    --opt=*) opt="${1#*=}"; shift ;;
    --opt) opt=$2; shift 2 ;;
    --amp)
      amp=1
      shift
      ;;
    --seed) shift; seed=$1; shift;;
    -h|--help) usage; exit 0;;
    *) echo "unknown: $1"; exit 2;;
  esac
done
"""
GETOPTS = r"""#!/bin/sh
usage() {
  echo "Usage: train [-l rate] [-e epochs]"
  echo "  -l RATE    learning rate (default 0.05)"
}
while getopts "l:e:vh" o; do
  case $o in
    l) rate=$OPTARG ;;
    e) epochs="${OPTARG}" ;;
    v) loud=1 ;;
    h) usage; exit ;;
  esac
done
epochs=${epochs:-10}
"""
PLACES = 'lr=${1:-0.1}\nhidden="${2:-32}"\nout=$3\npython x.py --lr $lr\n'
LOOP = '  while getopts "l:" o; do\n    lr=${OPTARG}\n  done\n'
NONE = "#!/bin/sh\nrm -rf ./*\n"


def told(option: Option) -> str:
    default = "" if option.default is MISSING else f" {option.default!r}"
    choices = f" of {','.join(map(str, option.choices))}" if option.choices else ""
    needed = " required" * option.required
    return f"{'/'.join(option.names)} {option.kind.value}{default}{choices}{needed}"


def options(folder: Path, text: str, *words: str) -> list[Option]:
    file = folder / "train.sh"
    file.write_text(text)
    found = options_in_script(file, ["sh", "train.sh", *words], 2)
    assert (found.how, found.start) == (How.SOURCE, 2)
    return list(found.options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            CASE,
            [
                "--lr float 0.1",
                "--layers/-n integer 2",
                "--opt choice 'adam' of adam,sgd",
                "--amp flag False",
                "--seed unknown",
            ],
        ),
        (GETOPTS, ["-l float 0.05", "-e integer 10", "-v flag False"]),
        (PLACES, ["lr float 0.1", "hidden integer 32", "out unknown required"]),
        (NONE, []),
    ],
)
def test_what_a_script_reads_is_found(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert list(map(told, options(tmp_path, text))) == expected


def test_what_the_command_gives_is_known(tmp_path: Path) -> None:
    lr, layers, *_ = options(tmp_path, CASE, "--lr", "0.5", "-n", "4")
    assert (lr.given, layers.given, lr.place) == (("0.5",), ("4",), "train.sh:8")
    assert [one.given for one in options(tmp_path, PLACES, "0.5")] == [("0.5",), None, None]


def test_a_shell_script_is_known_by_its_name_or_first_line(tmp_path: Path) -> None:
    for name, text, expected in (
        ("a.sh", "", True),
        ("b", "#!/usr/bin/env bash\n", True),
        ("c", "#!/usr/bin/perl\n", False),
        ("d", "\x7fELF", False),
    ):
        (tmp_path / name).write_text(text)
        assert is_shell(tmp_path / name) is expected


@given(st.text(alphabet="-l)=$2{}1:;;\n\"'*|# <<Uechoshift", max_size=120))
def test_any_text_is_read_without_an_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    options(tmp_path_factory.getbasetemp(), text)


def test_long_names_of_one_pattern_are_options_of_their_own(tmp_path: Path) -> None:
    found = options(tmp_path, "case $1 in\n  --opt | --seed) shift 2 ;;\nesac\n")
    assert [one.names for one in found] == [("--opt",), ("--seed",)]


LINE = """#!/bin/sh
usage() { echo "usage: train.sh [-l RATE] [-e EPOCHS]
  -l RATE    learning rate (default: 0.1)
  -e EPOCHS  how long, 1 to 9" ; }
rate=0.1 epochs=3
while getopts l:e:h o; do
  case $o in l) rate=$OPTARG ;; e) epochs=$OPTARG ;;
    h) usage; exit 0 ;; *) usage; exit 2 ;; esac
done
"""


def test_patterns_in_one_line_and_a_text_over_several_are_read(tmp_path: Path) -> None:
    rate, epochs = options(tmp_path, LINE)
    assert (rate.names, rate.default, rate.stands_for) == (("-l",), 0.1, "RATE")
    assert rate.help.startswith("learning rate")
    assert (epochs.names, epochs.default, epochs.stands_for) == (("-e",), 3, "EPOCHS")
    assert (epochs.low, epochs.high) == (1, 9)


@pytest.mark.parametrize(
    ("text", "options_at"),
    [
        (GETOPTS, 0),
        (f"what=$1; shift\n{GETOPTS}shift $((OPTIND - 1))\n", 1),
        (f"a=$1 b=$2\nshift 2\nshift # one more\n{GETOPTS}", 3),
        ("while getopts :l:q o; do case $o in l) lr=$OPTARG;; q) q=1;; esac; done", 0),
        (f'parse() {{\n  local OPTIND\n{LOOP}  shift 1\n}}\nwhat=$1\nshift\nparse "$@"\n', 1),
        (f"shift\nfunction parse {{\n{LOOP}}}\nmain() {{\n  :\n}}\nx=1; parse $*\n", 1),
        ('p() { getopts "l:" o; shift 2; }\np "$@"\n', 0),
        ('p() { getopts "l:" o; }\np --lr 1\n', None),
        (f"# options by getopts in a loop\nwhat=$1\nshift\n{LOOP}", 1),
        ("f() {\n  shift\n}\nwhile getopts l: o; do :; done\n", 1),
        (CASE, None),
        (PLACES, None),
    ],
)
def test_where_options_go_is_known_where_none_is_read_behind_other_words(
    tmp_path: Path, text: str, options_at: int | None
) -> None:
    file = tmp_path / "train.sh"
    file.write_text(text)
    assert options_in_script(file, ["sh", "train.sh", "data"], 2).options_at == options_at


def test_a_letter_of_another_case_is_no_option(tmp_path: Path) -> None:
    text = 'case $1 in a) x=1;; esac\nwhile getopts "l:" o; do case $o in l) l=$OPTARG;; esac; done'
    assert [one.names for one in options(tmp_path, text)] == [("-l",)]


def test_a_case_in_one_line_with_what_is_around_it_is_read(tmp_path: Path) -> None:
    text = (
        'lr=0.1\nparse() { local OPTIND; while getopts "l:q" o; do case "$o" in l) lr="$OPTARG";; '
        'q) q=1;; esac; done; }\nparse "$@"\n'
    )
    assert list(map(told, options(tmp_path, text))) == ["-l float 0.1", "-q flag False"]
