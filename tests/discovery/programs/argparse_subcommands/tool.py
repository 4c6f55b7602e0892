import argparse


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise SystemExit(2)


def build():
    p = Parser(prog="tool")
    p.add_argument("--verbose", action="store_true")
    subs = p.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", required=True)
    fit = subs.add_parser("fit", aliases=["train"], parents=[shared], help="train a model")
    fit.add_argument("--lr", type=float, default=0.1)
    fit.add_argument("--rounds", type=int, default=100)
    fit.set_defaults(func=run_fit, rounds=50)
    predict = subs.add_parser("predict", parents=[shared])
    predict.add_argument("--top", type=int, default=5)
    predict.set_defaults(func=run_predict)
    return p


def run_fit(args):
    ...


def run_predict(args):
    ...


args = build().parse_args()
args.func(args)
