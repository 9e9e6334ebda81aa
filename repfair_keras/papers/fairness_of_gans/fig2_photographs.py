"""Figure 2 of On the Fairness of GANs: the groups of SVHN, from the data alone."""

from repfair_keras.papers.fairness_of_gans import data_groups
from repfair_keras.papers.figure import PaperFigure

FIGURE = PaperFigure(
    title="On the Fairness of GANs, figure 2: the groups of SVHN",
    claim=(
        "Some of the 73,257 images of SVHN are darkened: their brightness is halved (section III-A, "
        "Figure 2)."
    ),
    **data_groups.figure_fields("svhn"),
)
