"""What tasks become in a launch, one file a kind of task."""
