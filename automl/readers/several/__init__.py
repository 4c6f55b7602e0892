"""Readers of several metrics that one description asks for."""
