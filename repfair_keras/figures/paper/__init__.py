"""Figures over many runs: what the papers show, with the spread over seeds that they leave out."""
