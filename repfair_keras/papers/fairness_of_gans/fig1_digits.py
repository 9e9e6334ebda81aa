"""Figure 1 of On the Fairness of GANs: the groups of MNIST, from the data alone."""

from repfair_keras.papers.fairness_of_gans import data_groups
from repfair_keras.papers.figure import PaperFigure

FIGURE = PaperFigure(
    title="On the Fairness of GANs, figure 1: the groups of MNIST",
    claim=(
        "Some of the digits of MNIST are inverted: white digits have a white background, black ones a black "
        "one (section III-A, Figure 1). MNIST has 70,000 images."
    ),
    **data_groups.figure_fields("mnist"),
)
