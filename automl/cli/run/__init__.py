"""`automl run`: words of a command line to the description of a study, and its file."""
