"""The reader by name: a metric found in what a program prints, without a pattern."""
