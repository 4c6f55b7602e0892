"""Decides what to do next: no clock, disk or process in it."""
