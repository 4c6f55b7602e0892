"""The verbs that only read studies."""
