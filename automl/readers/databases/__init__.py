"""Numbers that a query finds in a database."""
