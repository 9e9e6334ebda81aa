"""Example images of each group, data sets side by side."""

from matplotlib.figure import Figure

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import to_float
from repfair_keras.figures.groups import examples_of
from repfair_keras.figures.image_grid import grid
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import new_figure
from repfair_keras.papers import group_looks
from repfair_keras.papers.figure import Material
from repfair_keras.papers.plots.sample_pictures import show

COLUMNS = 10


def plot_material(material: Material) -> Figure:
    """Plots the groups of the data sets that a figure shows."""
    names = [group_looks.heading(paper, data) for paper, data in material.data.items()]
    return plot(list(material.data.values()), names)


def plot(datasets: list, names: list[str], lines: int = 2) -> Figure:
    """Plots example images of each group, a column of panels per data set.

    Args:
        datasets: list of `ImageDataset`.
        names: one heading per data set.
        lines: lines of images per group.

    Raises:
        InputError: if there are no data sets.

    Reference: Kenfack et al., RepFair-GAN, Figure 2.
    """
    if not datasets:
        raise InputError("no data sets to plot groups of, expected at least one.")
    rows = max(data.n_groups for data in datasets)
    figure = new_figure(6 * len(datasets), 0.5 + rows * (0.5 + 0.6 * lines))
    panels = figure.subplots(rows, len(datasets), squeeze=False)
    for axes in panels.flat:
        axes.set_axis_off()
    for column, (data, name) in zip(panels.T, zip(datasets, names, strict=True), strict=True):
        _plot_groups(column, data, label(name, 50), lines)
    return figure


def _plot_groups(panels, data, heading, lines):
    for group, name in enumerate(data.group_names):
        axes, examples = panels[group], examples_of(data, group, COLUMNS * lines)
        show(axes, grid(to_float(data.pixels[examples]), COLUMNS))
        share = f"{label(name)}: {100 * data.shares[group]:.1f} % of {len(data):,} images"
        axes.set_title(f"{heading}\n{share}" if group == 0 else share, fontsize=11)
