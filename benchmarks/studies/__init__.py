"""Scripts that the benchmarks run as processes of their own, as a user would."""
