"""What a command took, or left: its seconds, memory, exit code, and the size of a file."""
