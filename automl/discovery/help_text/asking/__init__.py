"""Asking a program for its help without harm: whether, with which words, and under what guard."""
