"""The commented study file: what was found, what is searched, and why."""
