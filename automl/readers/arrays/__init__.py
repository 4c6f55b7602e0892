"""Arrays as NumPy saves them, read without it and without any pickle."""
