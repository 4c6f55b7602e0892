"""What TAB offers: words of a command line that is being typed, in three shells."""
