"""Trials that a program asks for, in processes that are not to ask for any."""
