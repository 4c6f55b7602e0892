"""One call of a function: found by its name, called, and what it gives written down."""
