"""Linux's control groups."""
