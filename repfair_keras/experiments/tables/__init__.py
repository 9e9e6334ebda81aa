"""What a run on a table does otherwise than one on images: loading, export, samples, report."""
