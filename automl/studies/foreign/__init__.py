"""Search spaces of other tools, as their users have them in files, to descriptions of a study."""
