"""Events to disk and back, the study's folder, and its lock."""
