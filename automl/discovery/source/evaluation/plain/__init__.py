"""Plain data of a program: what operators, loops and methods make of it, kept small."""
