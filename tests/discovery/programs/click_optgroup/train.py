import click
from click_option_group import optgroup

KINDS = {"small": 1, "large": 2}


@click.command(context_settings={"show_default": True})
@optgroup.group("Model", help="how it is built")
@optgroup.option("--kind", type=click.Choice(list(KINDS)), default="small")
@optgroup.option("--depth", default=4)
@click.option("--upper", "case", flag_value="upper", default="upper")
@click.option("--gamma", type=float, default="0.5")
@click.option("--steps", type=int, prompt=True)
@click.password_option()
def cli(**kwargs):
    pass


if __name__ == "__main__":
    cli(standalone_mode=False)
