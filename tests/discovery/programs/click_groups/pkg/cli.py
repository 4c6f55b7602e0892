import click as c

from pkg.training import train


@c.group(invoke_without_command=True)
@c.option("--debug/--no-debug", default=False)
@c.pass_context
def cli(ctx, debug):
    pass


@cli.group()
def data():
    pass


@data.command("prepare")
@c.option("--shards", default=8)
def prepare_data(shards):
    pass


cli.add_command(train)


@cli.command()
@c.option("--top-k", default=5, type=int)
def evaluate_all(top_k):
    pass
