"""Figure 6 of RepFair-GAN: photographs that both methods generate, and whether they are as good.

Runs: both methods of the sweep `shaded_shares`, half of the photographs shaded. Measured: undecided images
and KID of each group at the end of training.
"""

from functools import partial

from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.repfair import samples_of_both

FIGURE = PaperFigure(
    title="Figure 6: photographs of the plain GAN and of RepFair-GAN",
    claim=(
        "On SVHN, half of it shaded, RepFair-GAN generates both groups uniformly, with images of a quality "
        "similar to the plain GAN's (section 4.2, Figure 6, judged by eye). Shares are the matter of figure"
        " 5; here it is quality."
    ),
    sweep="shaded_shares",
    measure=partial(samples_of_both.measure, dataset="svhn"),
    plot=partial(samples_of_both.plot, dataset="svhn"),
    select={"method": samples_of_both.METHODS, "share": 0.5},
)
