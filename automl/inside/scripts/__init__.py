"""What a script may call that automl started, and that may be edited: `report` and `params`."""
