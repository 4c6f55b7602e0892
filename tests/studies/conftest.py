"""Descriptions of studies, and the pieces of a script that say the same."""

from right_study import folder, right  # noqa: F401 - fixtures
