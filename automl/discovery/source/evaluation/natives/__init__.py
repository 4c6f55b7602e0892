"""Functions that come with Python, as far as their result is known from reading alone."""
