import argparse
from dataclasses import dataclass, fields


@dataclass
class Config:
    lr: float = 3e-4
    layers: int = 2
    name: str = "a"
    debug: bool = False


def defaults():
    res = dict(steps=1000, noise="linear", learn_sigma=False)
    res.update(sizes())
    return res


def sizes():
    return {"image_size": 64, "eta": 0.0}


def str2bool(v):
    if isinstance(v, bool):
        return v
    if v.lower() in ("yes", "true", "t", "y", "1"):
        return True
    elif v.lower() in ("no", "false", "f", "n", "0"):
        return False
    else:
        raise argparse.ArgumentTypeError("boolean value expected")


def add_dict_to_argparser(parser, default_dict):
    for k, v in default_dict.items():
        v_type = type(v)
        if v is None:
            v_type = str
        elif isinstance(v, bool):
            v_type = str2bool
        parser.add_argument(f"--{k}", default=v, type=v_type)


def main():
    parser = argparse.ArgumentParser()
    for f in fields(Config):
        if f.type is bool:
            parser.add_argument("--" + f.name, action="store_true", default=f.default)
        else:
            parser.add_argument("--" + f.name, type=f.type, default=f.default)
    add_dict_to_argparser(parser, defaults())
    args, rest = parser.parse_known_args()


main()
