"""What automl costs beside plain process starters; run `python -m benchmarks.overhead`."""
