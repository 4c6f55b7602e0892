"""What a study is: objectives, limits, noise, resources, tasks, trials and launches."""
