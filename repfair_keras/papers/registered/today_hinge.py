"""Does the problem survive hinge and spectral normalisation, where labels are learnt?"""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "today_hinge",
    "Does the problem survive hinge and spectral normalisation, where labels are learnt?",
    'Clipping "can be incorporated easily for many GAN variants" (RepFair-GAN, sections 1 and 2); shown are a vanilla '
    "GAN and a conditional one.",
    "today_hinge",
)
