"""Figure 3 of On the Fairness of GANs: samples of ten trainings on equal groups.

Runs: the sweep `stacked_mnist` with equal groups. Measured: shares and brightness of the samples at the
end of each training.
"""

from functools import partial

from repfair_keras.papers.fairness_of_gans import stacked_samples
from repfair_keras.papers.figure import PaperFigure

FIGURE = PaperFigure(
    title="On the Fairness of GANs, figure 3: samples of ten trainings on equal groups",
    claim=(
        "Ten stacked GANs were trained on MNIST, half of it inverted. The groups of their samples, 100 of "
        "each class, told apart by a mean pixel above 0.5, are hardly ever equal: some trainings make mostly "
        "white digits, some mostly black ones (section III-B, Figure 3; no numbers printed)."
    ),
    sweep="stacked_mnist",
    measure=partial(stacked_samples.measure_equal_groups, dataset="mnist"),
    plot=partial(stacked_samples.plot, dataset="mnist", threshold=0.5),
    select={"method": stacked_samples.STACKED, "share": 0.5},
)
