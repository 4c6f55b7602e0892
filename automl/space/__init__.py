"""Parameters, the rules between them, and the space that they span."""
