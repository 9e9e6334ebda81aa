"""Experiments that were registered before they were run: what is measured, how it is judged, and their pages."""
