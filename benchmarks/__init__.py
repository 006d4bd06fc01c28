"""What the work costs, as ratios to the bare work on the same machine in the same run."""
