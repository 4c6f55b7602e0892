import argparse
import os

import options
from lib import defaults as D
from lib.common import common_parser, add_model_options


def get_args(argv=None):
    parents = [common_parser()]
    parser = argparse.ArgumentParser("train", parents=parents, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    optim = parser.add_argument_group("optimisation", "how weights change")
    optim.add_argument("--lr", type=float, default=D.LR)
    optim.add_argument(f"--{D.PREFIX}momentum", type=float, default=D.MOMENTUM)
    add_model_options(parser, width=96)
    for name, value in [("alpha", 0.5), ("beta", 0.25)]:
        parser.add_argument("--loss-" + name, type=float, default=value, help="weight of %s" % name)
    for name in D.SWITCHES:
        parser.add_argument(f"--use-{name}", action="store_true")
    common = dict(type=int, default=4)
    parser.add_argument("--heads", **common)
    parser.add_argument("--blocks", **{**common, "default": 6})
    speed = parser.add_mutually_exclusive_group()
    speed.add_argument("--fast", action="store_true")
    speed.add_argument("--steps", type=int, default=None)
    parser.add_argument("--patience", type=int, default=os.environ.get("PATIENCE", 3))
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--out", default=os.path.join("runs", D.NAME))
    options.extend(parser)
    parser.set_defaults(lr=0.02, alpha_schedule="none")
    return parser.parse_args(argv)


if __name__ == "__main__":
    get_args()
