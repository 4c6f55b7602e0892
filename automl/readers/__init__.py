"""Bytes of a metric file to measurements."""
