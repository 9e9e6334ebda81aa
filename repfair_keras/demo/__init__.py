"""A local page on a run: draw, in the shares that are asked for, and see what is counted."""
