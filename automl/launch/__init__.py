"""From a trial's values to a launch: commands, files, environment."""
