"""Whether the weight that one run of Algorithm 1 gave to the real half does the same where no group is looked at."""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "yoked",
    "Does Algorithm 1's weight do without looking at groups what it does with them?",
    "Clipping each group's discriminator gradient keeps the norms of the groups together, and that is why RepFair-GAN "
    "generates them equally (RepFair-GAN, sections 3 and 4.2). The hypotheses, which are judged, are ours.",
    "yoked",
)
