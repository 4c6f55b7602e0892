"""Taking up a study: its folder, its lock, its journal, its claims."""
