"""What trials leave in their folders: what of it may be removed, and when."""
