import argparse


def common_parser():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--batch-size", "-b", type=int, default=32)
    parser.add_argument("--device", default="cpu")
    return parser


def add_model_options(parser, width=64, *, depth=3):
    group = parser.add_argument_group(title="model")
    group.add_argument("--width", type=int, default=width)
    group.add_argument("--depth", type=int, default=depth)
    return group
