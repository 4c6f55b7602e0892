"""Where the metrics of trials are written and read."""
