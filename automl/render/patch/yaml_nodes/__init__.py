"""YAML texts as nodes with their places: what they say, and which parts of the text change."""
