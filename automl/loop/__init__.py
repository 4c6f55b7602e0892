"""Where the rooms meet: `engine` decides, `runner` does."""
