"""Figure 2 of RepFair-GAN: the groups of MNIST and SVHN, from the data alone."""

from repfair_keras.papers import group_looks
from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.plots import group_examples

FIGURE = PaperFigure(
    title="Figure 2: the groups of MNIST and SVHN",
    claim=(
        "Each data set is divided into two groups: 60,000 digits of MNIST, some with a black and some with "
        "a white background; 73,256 of SVHN, some normal and some under a black overlay (section 4.1, "
        "Figure 2)."
    ),
    sweep=None,
    measure=group_looks.measure,
    plot=group_examples.plot_material,
    select={},
    shows=("mnist", "svhn"),
)
