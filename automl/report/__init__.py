"""What came back, shown: trials ranked, as a table, as log lines and as a live view."""
