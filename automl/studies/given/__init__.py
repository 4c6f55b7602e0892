"""What users give for keywords, as plain data or made by a script, and what it becomes."""
