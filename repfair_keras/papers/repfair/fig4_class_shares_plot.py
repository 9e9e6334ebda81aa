"""Figure 4 of RepFair-GAN as a picture: the groups' shares in every class, a panel per method."""

from matplotlib.figure import Figure

from repfair_keras.core.errors import InputError
from repfair_keras.figures.labels import label
from repfair_keras.figures.names import count_of_seeds, method_name
from repfair_keras.figures.over_seeds import by_method
from repfair_keras.figures.style import new_figure
from repfair_keras.papers.plots.seed_bars import legend_below, plot_clusters

TITLE = "Groups of the generated images of each class, corrected for the classifier's errors"
WHEN = "at the end of training (the table of methods has means over its second half)"


def plot_class_shares(rows: list[dict], groups, classes, note: str = "") -> Figure:
    """Plots the share of each group and the undecided share per class, mean over seeds and a point per seed.

    Args:
        rows: list of dicts, one per run and class: `method`, `seed`, `class`, `share/<group>`
            (corrected) and `undecided` (of all), in [0, 1] or `None`.
        groups, classes: names, in the order in which they are shown.
        note: said below the title.

    Raises:
        InputError: if there are no rows.

    Reference: Kenfack et al., RepFair-GAN, Figure 4.
    """
    methods = by_method(rows, lambda row: row["method"])
    if not methods:
        raise InputError("no rows to plot shares per class from, expected at least one run.")
    figure = new_figure(max(6, 1.5 + len(classes) * (0.3 + 0.22 * len(groups))), 1.2 + 2.7 * len(methods))
    panels = figure.subplots(len(methods), sharex=True, squeeze=False)[:, 0]
    for axes, (method, runs) in zip(panels, methods.items(), strict=True):
        clusters = [[row for row in runs if row["class"] == name] for name in classes]
        plot_clusters(axes, clusters, groups)
        axes.axhline(100 / len(groups), color="black", linestyle="--", linewidth=1, label="equal shares")
        axes.set_ylabel("share (%)")
        axes.set_title(f"{method_name(method)}, {count_of_seeds(len({row['seed'] for row in runs}))}")
    panels[-1].set_xticks(range(len(classes)), map(label, classes))
    panels[-1].set_xlabel("class that was asked for")
    figure.suptitle("\n".join(filter(None, [TITLE, WHEN, note])))
    legend_below(figure, panels[0])
    return figure
