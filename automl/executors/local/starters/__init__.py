"""Brief commands without a shell for each: processes that start one after another."""
