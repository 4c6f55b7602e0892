"""Which trial is better, and how sure that is."""
