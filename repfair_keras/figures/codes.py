"""Real and synthetic latents in two dimensions."""

from repfair_keras.figures.context import Figure
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import GREY, group_color, new_figure

TITLES = {"pca": "PCA", "tsne": "t-SNE"}


def plot(projected, group_names):
    """Draws real latents by group beside synthetic ones, by PCA and by t-SNE.

    Args:
        projected: dict of arrays, see `evaluation.latent_report.project`.
        group_names: one name per group.

    Returns:
        `matplotlib.figure.Figure`.
    """
    figure = new_figure(9, 4.4)
    groups = projected["groups"]
    for axes, (projection, title) in zip(figure.subplots(1, 2), TITLES.items(), strict=True):
        points = projected[projection]
        for group, name in [(-1, "synthetic"), *enumerate(group_names)]:
            members = points[groups == group]
            color = GREY if group < 0 else group_color(group)
            axes.scatter(*members.T, s=4, alpha=0.5, color=color, label=label(name), linewidths=0)
        axes.set_title(title)
        axes.set_xticks([])
        axes.set_yticks([])
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside lower center", ncols=4, markerscale=3, frameon=False
    )
    return figure


FIGURE = Figure(plot, needs=("projected", "group_names"))
