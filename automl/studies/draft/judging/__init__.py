"""Which options a person would tune, between what bounds, and which they would leave alone."""
