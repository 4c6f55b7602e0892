"""Numbers that a function of the user's finds in what a trial left."""
