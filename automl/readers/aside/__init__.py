"""Reading that never holds its caller up."""
