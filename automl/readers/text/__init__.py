"""What was written for a terminal or by another system, as plain text."""
