from __future__ import annotations

import typer

app = typer.Typer()
extra = typer.Typer()
app.add_typer(extra, name="extra")


@app.callback()
def root(verbose: bool = False) -> None:
    """Tools."""


@app.command()
def fit_model(alpha: float = 0.5, max_depth: int = 3) -> None:
    pass


@app.command("score")
def score_it(top: int = 5) -> None:
    pass


@extra.command()
def clean(days: int = 7) -> None:
    pass


if __name__ == "__main__":
    app()
