"""Locations with `*`, `**` and `?`: the files of a trial whose names nobody knows before."""
