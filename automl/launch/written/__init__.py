"""Files that a launch writes for the commands of its trial, besides config files."""
