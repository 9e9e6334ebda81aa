"""Directions of edges in the cells of a grid, and the cells' colours: what a small network need not learn."""

import keras
import numpy as np
from keras import ops

SHARPNESS = 3  # power of the cosine: about as narrow as bins that are parted linearly
FLOOR = 0.02  # added to the edges around a cell, which divide its own: flat cells stay near 0


@keras.saving.register_keras_serializable("repfair_keras")
class OrientationHistograms(keras.layers.Layer):
    """How much edge of each direction is in each cell, relative to the cells around it, and its mean colour.

    Gradients are central differences of the mean over the channels; a pixel votes for the directions near
    its own with its gradient's length. Nothing here is learned.

    Args:
        cell: pixels of a cell's side.
        bins: number of directions, over half a turn.

    Call arguments:
        images: float, shape `(B, height, width, channels)`, in [-1, 1].

    Returns:
        float, shape `(B, ceil(height / cell), ceil(width / cell), bins + channels)`.

    Reference: Dalal and Triggs, "Histograms of Oriented Gradients for Human Detection" (2005).
    """

    def __init__(self, cell, bins=8, **kwargs):
        super().__init__(**kwargs)
        self.cell, self.bins = cell, bins

    def call(self, images):
        grey = ops.mean(images, axis=-1, keepdims=True)
        padded = ops.pad(grey, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="symmetric")
        right = padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]
        down = padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]
        squared = right * right + down * down + 1e-6
        # Cosine and sine of the doubled angle: an edge and its opposite are one direction.
        cosine, sine = (right * right - down * down) / squared, 2 * right * down / squared
        angles = np.arange(self.bins) * 2 * np.pi / self.bins
        near = ops.relu(cosine * np.float32(np.cos(angles)) + sine * np.float32(np.sin(angles)))
        edges = self._cells(near**SHARPNESS * ops.sqrt(squared))
        around = ops.average_pool(ops.mean(edges, axis=-1, keepdims=True), 3, 1, padding="same")
        return ops.concatenate([edges / (around + FLOOR) / 2, self._cells(images)], axis=-1)

    def _cells(self, x):
        return ops.average_pool(x, self.cell, self.cell, padding="same")

    def get_config(self):
        return {**super().get_config(), "cell": self.cell, "bins": self.bins}
