"""`automl check`: what is checked, and how it is told."""
