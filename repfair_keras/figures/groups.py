"""Figure 2 of the paper: what the groups look like."""

import numpy as np

from repfair_keras.data.images.dataset import to_float
from repfair_keras.data.images.reference import in_turn
from repfair_keras.figures.context import Figure
from repfair_keras.figures.image_grid import grid
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import new_figure


def plot(dataset, columns=10, lines=2):
    """Draws example images of each group, the first of each class in turn.

    Args:
        dataset: `ImageDataset`.
        columns: images per row.
        lines: lines per group.

    Returns:
        `matplotlib.figure.Figure`.

    Reference: Kenfack et al., RepFair-GAN, Figure 2.
    """
    figure = new_figure(columns * 0.7, dataset.n_groups * (lines * 0.7 + 0.4))
    for group, axes in enumerate(figure.subplots(dataset.n_groups, squeeze=False)[:, 0]):
        examples = examples_of(dataset, group, columns * lines)
        axes.imshow(grid(to_float(dataset.pixels[examples]), columns), cmap="gray", vmin=0, vmax=255)
        share = f"{100 * dataset.shares[group]:.1f} % of {len(dataset):,} images"
        axes.set_title(f"{label(dataset.group_names[group])}: {share}")
        axes.set_axis_off()
    return figure


def examples_of(data, group, n):
    """Indices of up to `n` images of a group: class 0, 1, 2 and so on in turn, or as they come."""
    members = np.flatnonzero(data.groups == group)
    return members[:n] if data.labels is None else members[in_turn(data.labels[members])][:n]


FIGURE = Figure(plot, needs=("dataset",), modalities=("images",))
