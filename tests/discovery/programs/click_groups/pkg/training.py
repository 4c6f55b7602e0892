import click


@click.command(name="train")
@click.option("--lr", default=0.1)
@click.option("--optim", type=click.Choice(("sgd", "lion")), default="lion")
def train(lr, optim):
    pass
