"""A study as plain values: as its journal has it, and what of that must stay the same."""
