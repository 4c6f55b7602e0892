"""What a pattern finds, in this process or in one that may be killed."""
