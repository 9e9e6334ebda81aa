"""Figures 2, 6 and 7 of the paper: images of the groups, and generated ones of two methods side by side."""

import numpy as np
from PIL import Image

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import to_float
from repfair_keras.figures.groups import examples_of
from repfair_keras.figures.image_grid import grid
from repfair_keras.figures.labels import label
from repfair_keras.figures.names import method_name
from repfair_keras.figures.style import GREY, new_figure

COLUMNS = 10


def draw_data(datasets, names, lines=2):
    """Draws example images of each group, a column of panels per data set.

    Args:
        datasets: list of `ImageDataset`.
        names: one heading per data set.
        lines: lines of images per group.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: if there are no data sets.

    Reference: Kenfack et al., RepFair-GAN, Figure 2.
    """
    if not datasets:
        raise InputError("no data sets to draw groups of, expected at least one.")
    rows = max(data.n_groups for data in datasets)
    figure = new_figure(6 * len(datasets), 0.5 + rows * (0.5 + 0.6 * lines))
    panels = figure.subplots(rows, len(datasets), squeeze=False)
    for axes in panels.flat:
        axes.set_axis_off()
    for column, (data, name) in enumerate(zip(datasets, names, strict=True)):
        for group, group_name in enumerate(data.group_names):
            axes, examples = panels[group, column], examples_of(data, group, COLUMNS * lines)
            _show(axes, grid(to_float(data.pixels[examples]), COLUMNS))
            share = f"{label(group_name)}: {100 * data.shares[group]:.1f} % of {len(data):,} images"
            axes.set_title(f"{label(name, 50)}\n{share}" if group == 0 else share, fontsize=11)
    return figure


def draw_samples(rows, groups, methods, note=""):
    """Draws the samples that were kept of each run, a row of panels per seed and a column per method.

    Args:
        rows: list of dicts, one per run: `method`, `seed`, `picture` (path of a PNG, or `None`), and of the
            same generator `share/<group>` (of the images whose group is clear) and `undecided` (of all), in
            [0, 1] or `None`, and their number `n`.
        groups: one name per group.
        methods: methods in the order of the columns.
        note: said below the title.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: if no run has a picture.

    Reference: Kenfack et al., RepFair-GAN, Figures 6 and 7.
    """
    pixels = {(row["method"], row["seed"]): _read(row["picture"]) for row in rows}
    found = [image for image in pixels.values() if image is not None]
    if not found:
        raise InputError("no run has a picture of its samples, expected a PNG beside at least one record.")
    seeds = sorted({seed for _, seed in pixels})
    height = 6 * max(image.shape[0] / image.shape[1] for image in found) + 0.5
    figure = new_figure(6 * len(methods), 0.6 + height * len(seeds))
    panels = figure.subplots(len(seeds), len(methods), squeeze=False)
    shares = {(row["method"], row["seed"]): row for row in rows}
    for line, seed in zip(panels, seeds, strict=True):
        for axes, method in zip(line, methods, strict=True):
            _draw_run(axes, pixels.get((method, seed)), shares.get((method, seed)), method, seed, groups)
    title = "Generated images, not picked, with the shares in all samples of the same generator"
    figure.suptitle(f"{title}\n{note}" if note else title)
    return figure


def _draw_run(axes, image, row, method, seed, groups):
    axes.set_axis_off()
    title = f"{method_name(method)}, seed {seed}"
    axes.set_title(title if row is None else f"{title}\n{_shares(row, groups)}", fontsize=11)
    if image is not None:
        _show(axes, image)
    else:
        text = "this run is missing" if row is None else "no samples were kept of this run"
        axes.text(0.5, 0.5, text, ha="center", va="center", color=GREY, transform=axes.transAxes)


def _shares(row, groups):
    known = [(name, row.get(f"share/{name}")) for name in groups]
    parts = [f"{label(name)} {100 * share:.0f} %" for name, share in known if share is not None]
    if row.get("undecided") is not None:
        parts.append(f"undecided {100 * row['undecided']:.0f} % of {row['n']:,}")
    return ", ".join(parts)


def _show(axes, pixels):
    axes.imshow(pixels, cmap="gray", vmin=0, vmax=255, interpolation="nearest")


def _read(path):
    """Pixels of a PNG; `None` if there is none, or it cannot be read."""
    if path is None:
        return None
    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError):  # Pillow raises SyntaxError for some broken PNGs
        return None


def draw_kept(pictures):
    """Draws pictures that were kept beside records, one below the other.

    Args:
        pictures: dict of heading to the path of a PNG.

    Returns:
        `matplotlib.figure.Figure`; `None` if none can be read.
    """
    pixels = {heading: _read(path) for heading, path in pictures.items()}
    pixels = {heading: image for heading, image in pixels.items() if image is not None}
    if not pixels:
        return None
    heights = [image.shape[0] / image.shape[1] for image in pixels.values()]
    figure = new_figure(8, sum(8 * height + 0.4 for height in heights))
    panels = figure.subplots(len(pixels), 1, squeeze=False, height_ratios=heights)[:, 0]
    for axes, (heading, image) in zip(panels, pixels.items(), strict=True):
        axes.set_axis_off()
        axes.set_title(heading, fontsize=11)
        _show(axes, image)
    return figure
