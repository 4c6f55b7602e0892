"""Files whose form tells where a number stands: what JSON and CSV have in common."""
