import chz


@chz.chz
class Optim:
    lr: float = 1e-3
    kind: str = "adam"


@chz.chz
class Config:
    steps: int
    width: int = chz.field(default=64, doc="units")
    amp: bool = False
    optim: Optim = chz.field(default_factory=Optim)


def main(config: Config) -> None:
    pass


if __name__ == "__main__":
    chz.nested_entrypoint(main)
