"""What is a number, in a word or in a line, and what only looks like one."""
