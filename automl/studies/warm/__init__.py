"""What earlier searches found, for a new study to begin with."""
