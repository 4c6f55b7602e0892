"""Values put into config files, one file a format."""
