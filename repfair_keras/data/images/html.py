"""A data set of images as something worth looking at in Jupyter."""

import numpy as np

from repfair_keras.core.html import heading, image_grid, table

SHOWN = 10  # images of each group


def to_html(dataset):
    """Returns the shares of the groups, and some images of each, as HTML."""
    members = [np.flatnonzero(dataset.groups == group)[:SHOWN] for group in range(dataset.n_groups)]
    counts = np.bincount(dataset.groups, minlength=dataset.n_groups)
    rows = [
        (name, f"{count:,}", f"{100 * share:.1f} %")
        for name, count, share in zip(dataset.group_names, counts, dataset.shares, strict=True)
    ]
    title = f"{dataset.name}: {len(dataset):,} images, groups by {dataset.grouping}"
    width = max(map(len, members))
    padded = [np.resize(rows_of_group, width) for rows_of_group in members]
    pictures = image_grid(dataset.pixels[np.concatenate(padded)], width)
    return heading(title) + table(("group", "images", "share"), rows) + pictures
