"""Options from config files that a command names: YAML, JSON, TOML, INI."""
