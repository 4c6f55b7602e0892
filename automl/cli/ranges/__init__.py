"""Parameters as they are written in one word of a command line, to plain descriptions of them."""
