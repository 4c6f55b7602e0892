"""From a folder with only a training program to a study that ran: init, check, run, no edit."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ARGPARSE = """\
import argparse, math
p = argparse.ArgumentParser()
p.add_argument("--lr", type=float, default=0.01)
p.add_argument("--layers", type=int, default=2)
p.add_argument("--optimizer", choices=["sgd", "adam"], default="sgd")
p.add_argument("--epochs", type=int, default=3)
p.add_argument("--seed", type=int, default=0)
a = p.parse_args()
for e in range(1, a.epochs + 1):
    acc = 1 - abs(math.log10(a.lr) + 2) / 5 - 0.05 * abs(a.layers - 3) - 0.3 / e
    print(f"epoch {e} loss {1 - acc:.4f} acc {acc:.4f}", flush=True)
"""
CLICK = """\
import click, math

@click.command()
@click.option("--lr", default=0.01)
@click.option("--layers", type=click.IntRange(1, 8), default=2)
@click.option("--amp/--no-amp", default=True)
@click.option("--epochs", default=3)
def main(lr, layers, amp, epochs):
    for e in range(1, epochs + 1):
        acc = 1 - abs(math.log10(lr) + 2) / 5 - 0.05 * abs(layers - 3) - 0.3 / e
        click.echo(f"epoch={e} val_acc={acc - 0.01:.4f} acc={acc:.4f}")

main()
"""
SHELL = """\
#!/bin/sh
usage() { echo "usage: train.sh [-l RATE] [-d DEPTH] [-e EPOCHS] [-v]
  -l RATE    learning rate (default: 0.1)
  -d DEPTH   layers (default: 3)
  -e EPOCHS  how long (default: 3)
  -v         say more" ; }
rate=0.1 depth=3 epochs=3
while getopts l:d:e:vh o; do
  case $o in
    l) rate=$OPTARG ;; d) depth=$OPTARG ;; e) epochs=$OPTARG ;; v) ;;
    h) usage; exit 0 ;; *) usage >&2; exit 2 ;;
  esac
done
i=0
while [ $i -lt "$epochs" ]; do
  i=$((i+1))
  awk -v r="$rate" -v d="$depth" -v i=$i \\
    'BEGIN { printf "epoch %d acc %.4f\\n", i, 1 - (r-0.2)^2 - 0.01*(d-4)^2 - 0.1/i }'
done
"""
C = """\
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static void usage(const char *p) {
  printf("Usage: %s [options]\\n  -r RATE    learning rate [0.1]\\n"
         "  -d DEPTH   layers, 1 to 8 [3]\\n  -e EPOCHS  epochs [3]\\n", p);
}
int main(int argc, char **argv) {
  double rate = 0.1; int depth = 3, epochs = 3, o;
  while ((o = getopt(argc, argv, "r:d:e:")) != -1) switch (o) {
    case 'r': rate = atof(optarg); break;
    case 'd': depth = atoi(optarg); break;
    case 'e': epochs = atoi(optarg); break;
    default: usage(argv[0]); return 2;
  }
  for (int i = 1; i <= epochs; i++)
    printf("epoch %d acc %.4f\\n", i, 1 - (rate-.2)*(rate-.2) - .01*(depth-4)*(depth-4) - .1/i);
  return 0;
}
"""
FOLDER = """\
import argparse, json, os
p = argparse.ArgumentParser()
p.add_argument("--lr", type=float, default=1e-3)
p.add_argument("--out", default="runs")
a = p.parse_args()
os.makedirs(a.out, exist_ok=True)
for e in range(3):
    with open(os.path.join(a.out, "log.jsonl"), "a") as f:
        f.write(json.dumps({"epoch": e, "acc": 1 - abs(a.lr - 0.01) - 0.1 / (e + 1)}) + "\\n")
"""


def python(folder: Path, text: str) -> list[str]:
    (folder / "train.py").write_text(text)
    return [sys.executable, "train.py"]


def shell(folder: Path) -> list[str]:
    (folder / "train.sh").write_text(SHELL)
    (folder / "train.sh").chmod(0o755)
    return ["./train.sh"]


def compiled(folder: Path) -> list[str]:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler on this machine")
    source = folder / "train.c"
    source.write_text(C)
    subprocess.run([compiler, "-o", folder / "train", source], check=True, timeout=60)
    source.unlink()
    return ["./train"]


def automl(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "automl", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("kind", "searched"),
    [
        ("argparse", ["lr", "layers", "optimizer"]),
        ("click", ["lr", "layers", "amp"]),
        ("shell", ["l", "d"]),
        ("c", ["r", "d"]),
        ("folder", ["lr"]),
    ],
)
def test_an_unknown_program_becomes_a_study_without_an_edit(
    kind: str, searched: list[str], tmp_path: Path
) -> None:
    command = {
        "argparse": lambda: python(tmp_path, ARGPARSE),
        "click": lambda: python(tmp_path, CLICK),
        "shell": lambda: shell(tmp_path),
        "c": lambda: compiled(tmp_path),
        "folder": lambda: python(tmp_path, FOLDER),
    }[kind]()
    automl(tmp_path, "init", "--try", "--maximize", "acc", "-o", "study.yaml", "--", *command)
    assert "yes: a study would get numbers for acc" in automl(tmp_path, "check", "study.yaml")
    automl(tmp_path, "run", "study.yaml", "-n", "3", "--quiet")
    (table,) = (tmp_path / "automl_studies").glob("*/results.csv")
    head, *rows = table.read_text("utf-8").splitlines()
    assert len(rows) == 3
    assert set(searched) <= set(head.replace("params.", "").split(","))
