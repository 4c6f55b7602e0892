"""The kinds of parameter, a file for each family, and what they share."""
