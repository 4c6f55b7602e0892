"""Who asks something of a study, and what answer is got."""
