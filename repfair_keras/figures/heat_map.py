"""A table of shares and counts in which the eye finds the large cells."""

import numpy as np

from repfair_keras.figures.labels import label

CELL = (1.05, 0.7)  # inches


def table_size(rows, columns):
    """Returns width and height in inches of a figure that holds a table with these names."""
    names = 0.08 * max(len(label(name)) for name in rows)
    # Names of columns are turned where they do not fit, so they take height.
    turned = 0.06 * max(len(label(name)) for name in columns) if _turned(columns) else 0
    return max(CELL[0] * len(columns) + names + 1.8, 5.5), CELL[1] * len(rows) + turned + 1.6


def draw_table(axes, shares, counts, rows, columns, colorbar, unit=" %"):
    """Draws a cell per row and column, the darker the larger its share, with share and count in it.

    Args:
        axes: matplotlib axes.
        shares: shape `(rows, columns)`, in [0, 1]; NaN where there is none.
        counts: integers, same shape.
        rows, columns: names.
        colorbar: what a share is of.
        unit: what stands behind 100 times a share.
    """
    percent = 100 * np.asarray(shares, dtype=float)
    top = np.nanmax(percent, initial=1)
    image = axes.imshow(percent, cmap="Blues", vmin=0, vmax=top, aspect="auto")
    for (row, column), share in np.ndenumerate(percent):
        text = "-" if np.isnan(share) else f"{share:.1f}{unit}"
        color = "white" if share > 0.55 * top else "black"
        text += f"\n{int(counts[row][column]):,}"
        axes.text(column, row, text, ha="center", va="center", color=color, fontsize=9)
    turned = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if _turned(columns) else {}
    axes.set_xticks(range(len(columns)), map(label, columns), **turned)
    axes.set_yticks(range(len(rows)), map(label, rows))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.figure.colorbar(image, ax=axes, label=colorbar).outline.set_visible(False)


def _turned(columns):
    return max(len(label(name)) for name in columns) > 10
