"""What the search would try next, of a study that is only described or of one on disk."""
