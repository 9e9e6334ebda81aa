"""Does the problem survive hinge and spectral normalisation, where labels are learnt?"""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "today_hinge",
    "Does the problem survive hinge and spectral normalisation, where labels are learnt?",
    "Algorithm 1 bounds the gradient of the discriminator of any GAN (RepFair-GAN, section 3); shown are a vanilla "
    "GAN and a conditional one.",
    "today_hinge",
)
