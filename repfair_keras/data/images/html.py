"""A data set of images as something worth looking at in Jupyter."""

import io

import numpy as np

from repfair_keras.core.html import heading, picture, table
from repfair_keras.data.images.side_by_side import side_by_side

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
    examples = picture(
        _png(side_by_side(dataset.pixels[np.concatenate(padded)], width)), "examples of each group"
    )
    return heading(title) + table(("group", "images", "share"), rows) + examples


def _png(pixels):
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels.squeeze(-1) if pixels.shape[-1] == 1 else pixels).save(file, format="PNG")
    return file.getvalue()
