"""What Hydra's sweepers search."""
