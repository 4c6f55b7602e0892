"""What is told of studies on disk."""
