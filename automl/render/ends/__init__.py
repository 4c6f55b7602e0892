"""What tells of the end of a study: its command, filled in."""
