"""Figure 8 of RepFair-GAN: with which bounds C training converges, and which of them repair shares."""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "bound",
    "Figure 8: the groups' shares against the bound C",
    "RepFair-GAN on MNIST with C in {0.1, 0.5, 1, 2, 10, 50, 100}: below 2 training does not converge, the images mix "
    "white and black backgrounds; from 2 to 10 groups are sampled uniformly; for large C, 20 and more, the bias "
    "returns, since nothing is clipped (section 4.2, Figure 8; no numbers printed).",
    "mnist_bound",
)
