"""Launches of an earlier controller: those that run, and those that ended meanwhile."""
