"""A short run of the command as it is, and the metric that is seen in it."""
