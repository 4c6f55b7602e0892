"""`ask` and `tell`: trials without a process, which the caller alone ends."""
