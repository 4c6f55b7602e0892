"""Parameters as they are written in one word, to plain descriptions of them."""
