"""click, typer, fire and others that make commands of functions."""
