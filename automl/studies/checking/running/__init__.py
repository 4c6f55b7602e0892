"""One trial of a check: chosen, run, followed, ended, and nothing of it left."""
