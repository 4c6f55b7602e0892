"""A check as people and programs read it."""
