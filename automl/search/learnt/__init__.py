"""Searching a space that is learnt while the study runs, from the names that trials ask for."""
