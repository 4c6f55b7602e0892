from typing import Literal

import lightning as L
from lightning.pytorch.cli import LightningCLI


class Net(L.LightningModule):
    def __init__(self, lr: float = 1e-3, hidden: int = 64, act: Literal["relu", "gelu"] = "relu"):
        super().__init__()


class Data(L.LightningDataModule):
    def __init__(self, root: str, batch_size: int = 32, shuffle: bool = True) -> None:
        super().__init__()


def cli_main():
    cli = LightningCLI(Net, Data)


if __name__ == "__main__":
    cli_main()
