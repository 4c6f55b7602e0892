"""The door for functions that build models: `tune` trains one for each combination of options."""
