"""Figure 7 of RepFair-GAN: digits that both methods generate, and whether they are as good.

Runs: both methods of the sweep `confirm`. Measured: undecided images, right labels and KID of each
group at the end of training.
"""

from functools import partial

from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.repfair import samples_of_both

FIGURE = PaperFigure(
    title="Figure 7: digits of the plain CGAN and of RepFair-GAN",
    claim=(
        "On MNIST, half of each class inverted, RepFair-GAN generates both groups of each digit equally "
        "often while preserving the quality of the plain CGAN (section 4.2, Figure 7, judged by eye). "
        "Shares are the matter of figure 4; here it is quality."
    ),
    sweep="confirm",
    measure=partial(samples_of_both.measure, dataset="mnist"),
    plot=partial(samples_of_both.plot, dataset="mnist"),
    select={"method": samples_of_both.METHODS},
    judged_in="confirm",
)
