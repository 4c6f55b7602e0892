"""The verbs that move or remove the folders of studies."""
