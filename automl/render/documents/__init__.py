"""Documents that users write, to plain data with the places of all values."""
