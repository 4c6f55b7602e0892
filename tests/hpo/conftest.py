"""Pieces of a study that are right, so that a test can make one of them wrong."""

from right_study import folder, nothing_starts, right, tuner  # noqa: F401 - fixtures
