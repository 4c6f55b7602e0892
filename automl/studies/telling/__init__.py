"""What is told of a study while it runs and once it has ended, whichever door it came through."""
