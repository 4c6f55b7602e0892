"""What to write where no number was found: a pattern, or a reader, tried before it is shown."""
