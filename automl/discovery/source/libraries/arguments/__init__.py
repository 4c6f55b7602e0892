"""argparse, and what is made like it."""
