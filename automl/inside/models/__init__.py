"""What a user's models are built of, and how they are trained in the processes of trials."""
