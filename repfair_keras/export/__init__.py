"""SavedModels that sample without this package: of images, and of rows of a table."""
