import fire


def train(data, lr=1e-3, layers=2, optimizer="adam", amp=False, augment=True, *, momentum: float = 0.9):
    """Train.

    Args:
        data: where it is
        lr: the learning rate
    """


if __name__ == "__main__":
    fire.Fire(train)
