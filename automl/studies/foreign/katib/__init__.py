"""The experiments of Katib."""
