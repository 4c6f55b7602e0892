"""The reader of JSON: a file that is one document, or has one a line, or one after another."""
