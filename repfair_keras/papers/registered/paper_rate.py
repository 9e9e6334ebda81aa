"""Does what RepFair-GAN reports hold with its own networks, rate and batches?"""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "paper_rate",
    "Does it hold with the paper's own networks, rate and batches?",
    "With 128 filters, Adam at 2e-4 and batches of 128, trained for 200 epochs on MNIST, the plain GAN's groups are 18 "
    "points apart and RepFair-GAN's 3 (RepFair-GAN, section 4 and figure 4).",
    "paper_rate",
)
