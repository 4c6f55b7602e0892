"""Files that can only be read whole, each time that they have changed."""
