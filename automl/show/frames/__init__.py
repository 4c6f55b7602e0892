"""Tables for programs, beside those that people read."""
