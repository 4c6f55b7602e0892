"""Event files as TensorBoard shows them, read without it."""
