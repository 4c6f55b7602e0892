"""Annotated fields and parameters, and the parsers that make options of them."""
