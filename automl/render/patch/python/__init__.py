"""Python files of plain assignments."""
