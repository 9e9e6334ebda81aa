"""Losses over the epochs, overall and per group."""

from repfair_keras.figures.context import Figure
from repfair_keras.figures.curves import check_rows, draw_curve, finish
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import group_line, new_figure
from repfair_keras.metrics.catalog import metric_info

OVERALL = {
    "d_loss_real": {"color": "black", "linestyle": "-"},
    "d_loss_fake": {"color": "black", "linestyle": ":"},
    "g_loss": {"color": "#009E73", "linestyle": "-", "marker": "x", "markersize": 4},
}


def plot(log, group_names):
    """Draws the losses of both players, and beside them the discriminator's loss on each group's real images.

    Args:
        log: of a run, a list of dicts of floats: `epoch`, `d_loss_real`, `d_loss_fake`, `g_loss` and
            `d_loss/<group>`, in nats; values may be missing.
        group_names: one name per group.

    Returns:
        `matplotlib.figure.Figure`.
    """
    check_rows(log)
    figure = new_figure(13, 4)
    players, groups = figure.subplots(1, 2)
    for column, line in OVERALL.items():
        draw_curve(players, log, column, metric_info(column).label, linewidth=1.5, **line)
    for group, name in enumerate(group_names):
        draw_curve(groups, log, f"d_loss/{name}", label(name), **group_line(group))
    finish(players, log, "cross-entropy (nats)", "Losses of both players")
    finish(groups, log, "cross-entropy (nats)", "Discriminator's loss on real images, per group")
    return figure


FIGURE = Figure(plot, needs=("log", "group_names"), modalities=("images",))
