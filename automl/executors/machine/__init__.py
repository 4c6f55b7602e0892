"""What this machine has, shared out between trials."""
