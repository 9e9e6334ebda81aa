"""The public arena of fair tables: published results of one protocol, and ours beside them."""
