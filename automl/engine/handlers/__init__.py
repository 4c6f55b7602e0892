"""What the engine is made of: one handler for each group of stimuli, over parts that they share."""
