"""Files: opened, written and forced to the disk so that nothing is lost."""
