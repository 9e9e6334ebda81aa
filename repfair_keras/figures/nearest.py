"""Does the generator copy? Its images that are nearest to an image it was trained on."""

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.figures.context import Figure
from repfair_keras.figures.image_grid import grid
from repfair_keras.figures.style import new_figure

PAIRS = 10  # at most


def plot(nearest_pairs):
    """Draws the generated images that are nearest to a training image, each above that training image.

    Args:
        nearest_pairs: object with `generated`, float in [-1, 1], shape `(N, height, width, channels)`;
            `training`, same shape, the training image nearest to each generated one; `distance`, shape
            `(N,)`, Euclidean, between the two. The smallest are shown, nearest first.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: if there is not one training image and one distance for each generated image.
    """
    generated, training, distance = map(
        np.asarray, (nearest_pairs.generated, nearest_pairs.training, nearest_pairs.distance)
    )
    if generated.shape != training.shape or distance.shape != generated.shape[:1]:
        raise InputError(
            f"generated images of shape {generated.shape}, training images of shape {training.shape} and "
            f"distances of shape {distance.shape}: give one training image and one distance for each."
        )
    order = np.argsort(distance, kind="stable")[:PAIRS]
    pixels = grid(np.concatenate([generated[order], training[order]]), max(len(order), 1))
    height, width = np.array(generated.shape[1:3]) + 1
    figure = new_figure(max(1.1 * len(order) + 1.2, 7), 2.2 * height / width + 1.2)
    axes = figure.subplots()
    axes.imshow(pixels, cmap="gray", vmin=0, vmax=255)
    axes.set_xticks((np.arange(len(order)) + 0.5) * width - 1, [f"{distance[i]:.3g}" for i in order])
    axes.set_yticks(np.array([0.5, 1.5]) * height - 1, ["generated", "training"])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("Euclidean distance of the pixels")
    figure.suptitle(
        "The generated images nearest to a training image, each above that image:\na copy would look the same"
    )
    return figure


FIGURE = Figure(plot, needs=("nearest_pairs",), modalities=("images",))
