"""What options a program has, found without running it where possible."""
