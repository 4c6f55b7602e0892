"""A user's function that finds the numbers of a trial, called in a process of its own."""
