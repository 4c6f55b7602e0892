"""What a check makes of what it saw: the verdict, what is doubtful, and readers that would do."""
