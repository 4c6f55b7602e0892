"""What people see of a study: tables, lines, the live view."""
