"""Which file of a command is the Python program, and where its own words begin."""
