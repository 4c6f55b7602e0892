#!/usr/bin/env python3
"""Train a small net."""

import argparse
import math


def probability(text):
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text} is no probability")
    return value


def positive(text):
    value = int(text)
    if value <= 0:
        raise ValueError(text)
    return value


def str2bool(text):
    if text.lower() in ("yes", "true", "1"):
        return True
    if text.lower() in ("no", "false", "0"):
        return False
    raise argparse.ArgumentTypeError("a yes or no")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", help="folder with the images")
    parser.add_argument("--lr", "-l", type=float, default=1e-3, help="learning rate (default: %(default)s)")
    parser.add_argument("--weight-decay", type=lambda text: float(text), default="1e-4")
    parser.add_argument("--dropout", type=probability, default=0.1)
    parser.add_argument("--hidden", type=positive, default=2 * 64)
    parser.add_argument("--layers", type=int, choices=range(1, 5), default=2)
    parser.add_argument("--optimizer", choices=["sgd", "adam"], default="adam")
    parser.add_argument("--angle", type=float, default=math.pi / 2)
    parser.add_argument("--amp", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--nesterov", action="store_true")
    parser.add_argument("--no-shuffle", dest="shuffle", action="store_false")
    parser.add_argument("--bias", type=str2bool, default=True)
    parser.add_argument("--widths", type=int, nargs="+", default=[64, 32])
    parser.add_argument("--tag", action="append")
    parser.add_argument("-v", action="count", default=0)
    parser.add_argument("--fast", dest="mode", action="store_const", const="fast", default="slow")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--warm", type=float, nargs="?", const=0.1)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--version", action="version", version="1")
    args = parser.parse_args()
    print(args)


if __name__ == "__main__":
    main()
