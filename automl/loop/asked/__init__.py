"""Trials that a program asks for, and of which it alone tells how they ended: no processes."""
