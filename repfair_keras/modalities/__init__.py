"""Images and tables: what they do differently stands here, and nowhere else."""
