"""A Python program's options, found by reading its source: nothing of it is run or imported."""
