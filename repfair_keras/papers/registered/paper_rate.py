"""Does what RepFair-GAN reports hold at its rate, with networks and batches of the usual size?"""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "paper_rate",
    "Does it hold at the paper's rate, with networks and batches of the usual size?",
    "Trained for 200 epochs on MNIST with Adam, the plain GAN's groups are 18 points apart and RepFair-GAN's 3 "
    '(RepFair-GAN, section 4 and figure 4). The paper prints 2e-4 for the discriminator and 2e-3 for "the CGAN model"; '
    "both networks have 2e-4 here. It prints neither filters nor batches; 128 of each are common values for this "
    "network (preset `paper`, docs/deviations.md).",
    "paper_rate",
)
