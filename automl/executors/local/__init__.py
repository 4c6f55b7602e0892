"""Runs launches as processes of this machine."""
