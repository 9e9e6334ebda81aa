"""Figures of the report on a synthetic table."""
