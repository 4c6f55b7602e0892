"""Options from what a program of any language prints about how it is used."""
