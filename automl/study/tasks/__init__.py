"""What the tasks of a trial are: commands, config files, and where their metrics appear."""
