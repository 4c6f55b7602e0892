from dataclasses import dataclass, field

import draccus


@dataclass
class Optim:
    lr: float = 1e-3
    steps: int = 100


@dataclass
class Config:
    optim: Optim = field(default_factory=Optim)
    amp: bool = False
    name: str = "x"


@draccus.wrap()
def main(cfg: Config):
    print(cfg)


if __name__ == "__main__":
    main()
