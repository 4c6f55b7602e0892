"""Formats whose values are all texts, one a line: INI and `.env`."""
