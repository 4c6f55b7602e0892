"""What a program that automl started may call: standard library only, and quick to import."""
