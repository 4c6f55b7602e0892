"""The priors of Orion, on a command line and in configs."""
