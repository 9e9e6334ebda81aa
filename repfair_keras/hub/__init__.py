"""Generators on a hub: pushed with their card, and loaded after it is said what they are."""
