"""What the machine and the user do to a running study: signals, full disks."""
