"""When launches are to end, and which can end in time."""
