"""Real images with groups: one loader per data set, and what makes their groups."""
