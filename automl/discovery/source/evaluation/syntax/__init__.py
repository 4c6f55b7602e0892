"""What the expressions and statements of a program give and do, a kind of node at a time."""
