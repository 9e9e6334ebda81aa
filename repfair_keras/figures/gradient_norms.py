"""Figures 1 and 3 of the paper: does the discriminator's gradient differ between groups?"""

from repfair_keras.figures.context import Figure
from repfair_keras.figures.curves import check_rows, draw_curve, finish, series
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import group_line, new_figure
from repfair_keras.metrics.catalog import metric_info


def plot(log, group_names, max_grad_norm=None):
    """Draws the gradient norm of each group over the epochs, and below it the share of clipped steps.

    Args:
        log: of a run, a list of dicts of floats: `epoch`, `d_grad_norm/<group>` (norm before clipping,
            mean over probe batches), `clip_fraction/<group>` (in [0, 1]); values may be missing.
        group_names: one name per group.
        max_grad_norm: the bound C, drawn as a dashed line; `None` if nothing was clipped.

    Returns:
        `matplotlib.figure.Figure`; without the lower part if no clipping was logged.

    Reference: Kenfack et al., RepFair-GAN, Figures 1(a) and 3.
    """
    check_rows(log)
    columns = {name: f"clip_fraction/{name}" for name in group_names}
    clipping = max_grad_norm is not None and any(series(log, column)[1] for column in columns.values())
    figure = new_figure(8, 6 if clipping else 4)
    heights = [2, 1] if clipping else [1]
    norms, *below = figure.subplots(len(heights), sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    for group, name in enumerate(group_names):
        draw_curve(norms, log, f"d_grad_norm/{name}", label(name), **group_line(group))
        for axes in below:
            draw_curve(axes, log, columns[name], label(name), **group_line(group))
    if max_grad_norm is not None:
        norms.axhline(max_grad_norm, color="black", linestyle="--", label=f"C = {max_grad_norm:g}")
    norms.set_ylim(bottom=0)
    finish(norms, log, "L2 norm before clipping", "Discriminator's gradient on real images")
    for axes in below:
        axes.set_ylim(-0.03, 1.03)
        norms.set_xlabel("")
        finish(axes, log, metric_info("clip_fraction").label)
    return figure


FIGURE = Figure(plot, needs=("log", "group_names"), uses=("max_grad_norm",), modalities=("images",))
