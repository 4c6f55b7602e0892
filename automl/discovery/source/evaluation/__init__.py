"""What a source does with what is known from reading alone: its calls, loops and classes."""
