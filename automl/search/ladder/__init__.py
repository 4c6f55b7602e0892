"""Which trials go on with a larger budget, or are given up."""
