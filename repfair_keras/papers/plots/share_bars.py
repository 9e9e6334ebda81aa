"""Figures 5 and 9 of the paper: the groups' shares, a panel per make-up of the training data."""

from repfair_keras.core.errors import InputError
from repfair_keras.figures.labels import label
from repfair_keras.figures.names import count_of_seeds, method_name
from repfair_keras.figures.representation import OUTLINE
from repfair_keras.figures.style import new_figure
from repfair_keras.papers.plots.seed_bars import bar_places, bar_width, draw_clusters, legend_below

WHISKERS = "bar: mean; point: one seed; whiskers: 95 % interval"


def draw(rows, groups, methods, note=""):
    """Draws the late share of each group per method, mean over seeds with interval, and a point per seed.

    Args:
        rows: list of dicts, one per run: `method`, `seed`, `training_share` (of the second group in the
            training data), and `late_share/<group>` (corrected) and
            `late_undecided` (of all), means over the second half of training, in [0, 1] or `None`.
        groups: names of the two groups.
        methods: methods in the order in which they are drawn, also those without a run.
        note: said below the title.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: if there are no rows.

    Reference: Kenfack et al., RepFair-GAN, Figures 5 and 9.
    """
    shares = sorted({row["training_share"] for row in rows})
    if not shares:
        raise InputError("no rows to draw shares from, expected at least one run.")
    figure = new_figure(max(7.5, 1 + 3.4 * len(shares)), 4.8)
    panels = figure.subplots(1, len(shares), sharey=True, squeeze=False)[0]
    for axes, share in zip(panels, shares, strict=True):
        mine = [row for row in rows if row["training_share"] == share]
        _draw_panel(axes, [[row for row in mine if row["method"] == method] for method in methods], groups)
        names = [f"{method_name(each)}\n{_seeds_of(each, mine)}" for each in methods]
        axes.set_xticks(range(len(methods)), names)
        axes.set_title(f"{label(groups[1])}: {100 * share:g} % of the training data", fontsize=10)
        _draw_training_shares(axes, share, len(methods))
    panels[0].set_ylabel("share (%)")
    title = "Groups generated in the second half of training, corrected for the classifier's errors"
    figure.suptitle(f"{title}\n{note}" if note else title)
    legend_below(figure, panels[0], WHISKERS)
    return figure


def _draw_panel(axes, clusters, groups):
    draw_clusters(axes, clusters, groups, "late_", intervals=True)
    axes.axhline(50, color="black", linestyle="--", linewidth=1, label="equal shares")


def _draw_training_shares(axes, share, n_methods):
    """Draws each group's share of the training data as a line across its bar of every method."""
    places = [bar_places(n_methods, 2, group) for group in range(2)]
    heights = [[100 * each] * n_methods for each in (1 - share, share)]
    half = bar_width(2) / 2
    left, right = ([place + side for row in places for place in row] for side in (-half, half))
    look = {"linewidth": 2.5, "path_effects": OUTLINE, "zorder": 3.5, "label": "share of the training data"}
    axes.hlines(heights[0] + heights[1], left, right, "black", **look)


def _seeds_of(method, rows):
    return count_of_seeds(sum(row["method"] == method for row in rows))
