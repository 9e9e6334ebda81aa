"""Figure 5 of On the Fairness of GANs: samples of five trainings on photographs, half of them darkened.

Runs: the sweep `stacked_shaded`. Measured: shares and brightness of the samples at the end of each training.
"""

from functools import partial

from repfair_keras.papers.fairness_of_gans import stacked_samples
from repfair_keras.papers.figure import PaperFigure

FIGURE = PaperFigure(
    title="On the Fairness of GANs, figure 5: samples of five trainings on photographs",
    claim=(
        "Five stacked GANs trained on SVHN, half of it darkened, make the groups in shares that differ from "
        "training to training and, in most cases, from those of the data (section III-C, Figure 5; no "
        "numbers printed)."
    ),
    sweep="stacked_shaded",
    measure=partial(stacked_samples.measure_equal_groups, dataset="svhn"),
    plot=partial(stacked_samples.plot, dataset="svhn"),
    select={"method": stacked_samples.STACKED, "share": 0.5},
)
