"""How the groups are represented while a generator trains."""

from repfair_keras.figures.context import Figure
from repfair_keras.figures.curves import check_rows, draw_curve, finish, series
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import GREY, group_line, new_figure


def plot(log, group_names):
    """Draws the share of each group in generated images over the epochs, with the undecided share.

    Shares are of the decided images, in percent; the undecided share is of all. Where images are made for
    labels, the share with the right one is drawn too. Where no share could be told, the figure says so.

    Args:
        log: of a run, a list of dicts of floats: `epoch`, and in some `share/<group>`, `undecided`,
            `right_label`, in [0, 1].
        group_names: one name per group.

    Returns:
        `matplotlib.figure.Figure`; `None` if nothing was measured during training.
    """
    check_rows(log)
    rows = [{name: value if name == "epoch" else 100 * value for name, value in row.items()} for row in log]
    if not series(rows, "undecided")[1]:
        return None
    figure = new_figure(8, 4)
    axes = figure.subplots()
    for group, name in enumerate(group_names):
        draw_curve(axes, rows, f"share/{name}", label(name), **group_line(group))
    draw_curve(axes, rows, "undecided", "undecided (of all)", color=GREY, linestyle=":", marker=".")
    if series(rows, "right_label")[1]:
        draw_curve(axes, rows, "right_label", "right label", color="black", linestyle="-.", marker=".")
    axes.axhline(100 / len(group_names), color="black", linestyle="--", linewidth=0.8)
    axes.set_ylim(-3, 103)
    told = any(series(rows, f"share/{name}")[1] for name in group_names)
    title = "Groups in generated images over training" + ("" if told else ": no shares could be told")
    finish(axes, rows, "share of generated images (%)", title)
    return figure


FIGURE = Figure(plot, needs=("log", "group_names"), modalities=("images",))
