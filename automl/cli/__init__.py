"""The door for the terminal: verbs, their options, and how their errors are told."""
