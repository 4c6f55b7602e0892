"""Removing what trials leave, and how large what is left is."""
