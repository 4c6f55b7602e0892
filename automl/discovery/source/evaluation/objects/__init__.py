"""Classes, functions and objects of a program: how they are made, asked and called."""
