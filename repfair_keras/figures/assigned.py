"""What was counted for which group, and what for none."""

import numpy as np

from repfair_keras.figures.image_grid import grid
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import new_figure


def plot(images, groups, group_names, columns=20, lines=2):
    """Draws the first images of each group, and below them the first that are undecided.

    Args:
        images: float in [-1, 1], shape `(N, height, width, channels)`, 1 or 3 channels.
        groups: integers, shape `(N,)`, group of each image; negative where it is undecided.
        group_names: one name per group.
        columns: images per row.
        lines: rows per group.

    Returns:
        `matplotlib.figure.Figure`; a group without images has a title and an empty panel.
    """
    images, groups = np.asarray(images), np.asarray(groups)
    figure = new_figure(columns * 0.5, (len(group_names) + 1) * (lines * 0.5 + 0.3))
    members = [groups == group for group in range(len(group_names))] + [groups < 0]
    panels = figure.subplots(len(members), squeeze=False)[:, 0]
    for axes, name, own in zip(panels, [*group_names, "undecided"], members, strict=True):
        axes.set_title(f"{label(name)}: {own.sum():,} of {len(groups):,} images", loc="left", fontsize=10)
        axes.set_axis_off()
        shown = images[own][: columns * lines]
        if len(shown):
            axes.imshow(grid(shown, min(columns, len(shown))), cmap="gray", vmin=0, vmax=255)
        height, width = (length + 1 for length in images.shape[1:3])
        axes.set(xlim=(-1, columns * width), ylim=(lines * height, -1), anchor="W")  # one scale for all
    return figure
