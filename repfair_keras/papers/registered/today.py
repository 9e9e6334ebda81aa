"""Does the problem survive a GAN of this decade?"""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "today",
    "Does the problem survive a GAN of this decade?",
    'Clipping "can be incorporated easily for many GAN variants" (RepFair-GAN, sections 1 and 2); shown are a vanilla '
    "GAN and a conditional one.",
    "today",
)
