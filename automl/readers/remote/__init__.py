"""Metric files on other machines, fetched by processes of their own into the trial's folder."""
