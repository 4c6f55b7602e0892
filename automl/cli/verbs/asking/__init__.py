"""The verbs that ask something of a running study, and tell what became of it."""
