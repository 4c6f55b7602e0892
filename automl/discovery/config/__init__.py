"""Config files that a command names."""
