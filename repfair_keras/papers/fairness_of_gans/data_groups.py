"""What figures 1 and 2 of On the Fairness of GANs share: the groups of a data set, looked at."""

from functools import partial

from repfair_keras.papers import group_looks
from repfair_keras.papers.plots import group_examples

SIZES = {"mnist": (70_000,), "svhn": (73_257,)}  # numbers of images that the paper gives
LOOKS = (
    "Brightness is the mean pixel, 0 black to 1 white; bright corners are images whose four corner pixels "
    "have a mean above one half."
)


def figure_fields(dataset: str) -> dict:
    """Returns the fields of `PaperFigure` for the groups of one data set."""
    measure = partial(group_looks.measure, papers=(dataset,), sizes=SIZES, explained=LOOKS)
    plot = group_examples.plot_material
    return {"sweep": None, "measure": measure, "plot": plot, "select": {}, "shows": (dataset,)}
