"""Pictures that were kept of runs: samples of methods side by side, or one below the other."""

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from repfair_keras.core.errors import InputError
from repfair_keras.figures.labels import label
from repfair_keras.figures.names import method_name
from repfair_keras.figures.style import GREY, new_figure

TITLE = "Generated images, not picked, with the shares in all samples of the same generator"


def plot_side_by_side(rows: list[dict], groups, methods, note: str = "") -> Figure:
    """Plots the samples that were kept of each run, a row of panels per seed and a column per method.

    Args:
        rows: list of dicts, one per run: `method`, `seed`, `picture` (path of a PNG, or `None`), and of the
            same generator `share/<group>` (of the images whose group is clear) and `undecided` (of all), in
            [0, 1] or `None`, and their number `n`.
        groups: one name per group.
        methods: methods in the order of the columns.
        note: said below the title.

    Raises:
        InputError: if no run has a picture.

    Reference: Kenfack et al., RepFair-GAN, Figures 6 and 7.
    """
    pixels = {(row["method"], row["seed"]): _read(row["picture"]) for row in rows}
    images = [image for image in pixels.values() if image is not None]
    if not images:
        raise InputError("no run has a picture of its samples, expected a PNG beside at least one record.")
    seeds = sorted({seed for _, seed in pixels})
    height = 6 * max(image.shape[0] / image.shape[1] for image in images) + 0.5
    figure = new_figure(6 * len(methods), 0.6 + height * len(seeds))
    panels = figure.subplots(len(seeds), len(methods), squeeze=False)
    row_of = {(row["method"], row["seed"]): row for row in rows}
    for line, seed in zip(panels, seeds, strict=True):
        for axes, method in zip(line, methods, strict=True):
            row = row_of.get((method, seed))
            _plot_run(axes, pixels.get((method, seed)), row, f"{method_name(method)}, seed {seed}", groups)
    figure.suptitle(f"{TITLE}\n{note}" if note else TITLE)
    return figure


def _plot_run(axes, image, row, title, groups):
    axes.set_axis_off()
    axes.set_title(title if row is None else f"{title}\n{_shares(row, groups)}", fontsize=11)
    if image is not None:
        show(axes, image)
    else:
        text = "this run is missing" if row is None else "no samples were kept of this run"
        axes.text(0.5, 0.5, text, ha="center", va="center", color=GREY, transform=axes.transAxes)


def _shares(row, groups):
    known = [(name, row.get(f"share/{name}")) for name in groups]
    parts = [f"{label(name)} {100 * share:.0f} %" for name, share in known if share is not None]
    if row.get("undecided") is not None:
        parts.append(f"undecided {100 * row['undecided']:.0f} % of {row['n']:,}")
    return ", ".join(parts)


def plot_one_below_the_other(pictures: dict) -> Figure | None:
    """Plots pictures that were kept beside records, one below the other.

    Args:
        pictures: dict of heading to the path of a PNG.

    Returns:
        the figure; `None` if none of the pictures can be read.
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
        show(axes, image)
    return figure


def show(axes, pixels) -> None:
    """Shows an image, uint8, as it is."""
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
