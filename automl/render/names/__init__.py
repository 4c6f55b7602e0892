"""Names in placeholders: as users write them, and whether they are known."""
