"""`automl check`: what a study would get of one trial, before hours are spent on many."""
