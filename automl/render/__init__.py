"""Templates to text, and a trial's commands to a shell script."""
