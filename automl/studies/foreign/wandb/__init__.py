"""The sweeps of W&B."""
