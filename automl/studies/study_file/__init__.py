"""A study in a file: YAML, JSON or TOML to a description, with the places of its values."""
