"""Subcommands that other modules register, one of them nested."""
import argparse
import sys

from commands import COMMANDS


def check_kind(text):
    if text not in ("small", "large"):
        raise argparse.ArgumentTypeError(text)
    return text


def bounded(low, high):
    def check(text):
        value = float(text)
        if value < low or value >= high:
            raise argparse.ArgumentTypeError(f"{text} is not in [{low}, {high})")
        return value

    return check


def main(argv=None):
    parser = argparse.ArgumentParser(prog="main")
    parser.add_argument("--kind", type=check_kind, default="small")
    parser.add_argument("--share", type=bounded(0.0, 1.0), default=0.25)
    parser.add_argument("--amp", type=bool, default=False)
    sub = parser.add_subparsers(dest="cmd")
    for command in COMMANDS:
        command(sub)
    args = parser.parse_args(sys.argv[1:] if argv is None else argv)
    return args


if __name__ == "__main__":
    sys.exit(main())
