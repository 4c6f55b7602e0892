"""A study file for a program that nobody has described yet."""
