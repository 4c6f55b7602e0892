"""The numbers that a program tells by a line of JSON each, as functions do."""
