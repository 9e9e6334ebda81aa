"""Does the problem survive a GAN of this decade?"""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "today",
    "Does the problem survive a GAN of this decade?",
    "Algorithm 1 bounds the gradient of the discriminator of any GAN (RepFair-GAN, section 3); shown are a vanilla "
    "GAN and a conditional one.",
    "today",
)
