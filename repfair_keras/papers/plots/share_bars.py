"""Bars of the groups' shares per method, a panel per make-up of the training data."""

from matplotlib.figure import Figure

from repfair_keras.core.errors import InputError
from repfair_keras.figures.labels import label
from repfair_keras.figures.names import count_of_seeds, method_name
from repfair_keras.figures.representation import OUTLINE
from repfair_keras.figures.style import new_figure
from repfair_keras.papers.plots.seed_bars import bar_places, bar_width, legend_below, plot_clusters
from repfair_keras.papers.run_rows import of_method

WHISKERS = "bar: mean; point: one seed; whiskers: 95 % interval"
TITLE = "Groups generated in the second half of training, corrected for the classifier's errors"


def plot(rows: list[dict], groups, methods, note: str = "") -> Figure:
    """Plots the late share of each group per method, mean over seeds with interval, and a point per seed.

    Args:
        rows: list of dicts, one per run: `method`, `seed`, `training_share` (of the second group in the
            training data), and `late_share/<group>` (corrected) and
            `late_undecided` (of all), means over the second half of training, in [0, 1] or `None`.
        groups: names of the two groups.
        methods: methods in the order in which they are shown, also those without a run.
        note: said below the title.

    Raises:
        InputError: if there are no rows.

    Reference: Kenfack et al., RepFair-GAN, Figures 5 and 9.
    """
    shares = sorted({row["training_share"] for row in rows})
    if not shares:
        raise InputError("no rows to plot shares from, expected at least one run.")
    figure = new_figure(max(7.5, 1 + 3.4 * len(shares)), 4.8)
    panels = figure.subplots(1, len(shares), sharey=True, squeeze=False)[0]
    for axes, share in zip(panels, shares, strict=True):
        runs = [row for row in rows if row["training_share"] == share]
        _plot_methods(axes, {method: of_method(runs, method) for method in methods}, groups)
        axes.set_title(f"{label(groups[1])}: {100 * share:g} % of the training data", fontsize=10)
        _plot_training_shares(axes, share, len(methods))
    panels[0].set_ylabel("share (%)")
    figure.suptitle(f"{TITLE}\n{note}" if note else TITLE)
    legend_below(figure, panels[0], WHISKERS)
    return figure


def _plot_methods(axes, methods, groups):
    plot_clusters(axes, list(methods.values()), groups, "late_", intervals=True)
    axes.axhline(50, color="black", linestyle="--", linewidth=1, label="equal shares")
    names = [f"{method_name(method)}\n{count_of_seeds(len(runs))}" for method, runs in methods.items()]
    axes.set_xticks(range(len(methods)), names)


def _plot_training_shares(axes, share, n_methods):
    """Plots each group's share of the training data as a line across its bar of every method."""
    places = [bar_places(n_methods, 2, group) for group in range(2)]
    heights = [[100 * of_group] * n_methods for of_group in (1 - share, share)]
    half = bar_width(2) / 2
    left, right = ([place + side for row in places for place in row] for side in (-half, half))
    look = {"linewidth": 2.5, "path_effects": OUTLINE, "zorder": 3.5, "label": "share of the training data"}
    axes.hlines(heights[0] + heights[1], left, right, "black", **look)
