"""What is done once trials and the study have ended, as users describe it."""
