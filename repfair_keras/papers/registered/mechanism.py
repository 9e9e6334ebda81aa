"""What of Algorithm 1 keeps the groups: its weight on the real half, or equal steps of the groups."""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "mechanism",
    "What of Algorithm 1 keeps the groups?",
    "Clipping each group's discriminator gradient keeps the norms of the groups together, and that is why RepFair-GAN "
    "generates them equally (RepFair-GAN, sections 3 and 4.2). The hypotheses, which are judged, are ours.",
    "mechanism",
)
