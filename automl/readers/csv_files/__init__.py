"""The reader of CSV: a table with a header or without one, a row an epoch or so."""
