"""The processes of this machine, and which belong to a trial."""
