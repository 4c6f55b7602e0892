"""What to stop: rules that compare the curves of trials while they run."""
