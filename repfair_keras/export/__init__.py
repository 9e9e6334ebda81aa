"""Exported generators: SavedModels that sample without this package, and the samplers that read them."""
