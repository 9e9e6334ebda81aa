"""At which learning rates is a group lost, and at which does a bound keep it?"""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "regimes",
    "At which learning rates is a group lost, and at which does a bound keep it?",
    "With learning rates of 2e-4 or 2e-3, as it prints both, RepFair-GAN's groups are equal for C from 2 to 10, do not "
    "converge below and are biased above (RepFair-GAN, section 4 and figure 8).",
    "regimes",
)
