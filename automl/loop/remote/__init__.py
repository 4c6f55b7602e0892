"""Launches whose metric files are on other machines."""
