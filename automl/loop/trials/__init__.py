"""The attempts of trials, from their start to their end."""
