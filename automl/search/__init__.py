"""What to try next: values in, values out."""
