"""The application behind every door: from keywords to a checked study, its run and its reading."""
