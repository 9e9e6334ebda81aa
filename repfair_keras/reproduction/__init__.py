"""The figures of the papers, from the records of runs: each with its numbers, its claim and a verdict."""
