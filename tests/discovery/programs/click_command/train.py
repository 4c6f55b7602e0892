import click

DEFAULT_LR = 1e-2


def shared(command):
    command = click.option("--seed", type=int, default=0)(command)
    return click.option("--device", default="cpu", show_default=True)(command)


@click.command()
@click.argument("data", type=click.Path(exists=True))
@click.option("--lr", "-l", default=DEFAULT_LR, help="Learning rate.", show_default=True)
@click.option("--momentum", type=click.FloatRange(0, 1, max_open=True), default=0.9)
@click.option("--layers", type=click.IntRange(min=1, max=12), default=4)
@click.option("--width", type=click.IntRange(1), required=True)
@click.option("--optimizer", type=click.Choice(["sgd", "adam"], case_sensitive=False), default="sgd")
@click.option("--amp/--no-amp", default=True)
@click.option("--verbose", "-v", is_flag=True)
@click.option("--flip", type=bool, default=False)
@click.option("--size", nargs=2, type=int, default=(32, 32))
@click.option("--tag", multiple=True)
@click.option("-e", "--epochs", "n_epochs", type=int, default=10)
@shared
def main(data, **options):
    """Train."""
    click.echo(options)


if __name__ == "__main__":
    main()
