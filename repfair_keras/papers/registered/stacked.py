"""The stacked GAN as its public code trains it, and with all losses together."""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "stacked",
    "Does the stacked GAN lose a group when it is trained as published?",
    'Ten trainings of a stacked GAN on equal groups: "In most cases the group distribution is not well balanced" (On '
    "the Fairness of GANs, section III and figure 3).",
    "stacked",
)
