"""Algorithm 1 on pictures that are no digits: Fashion-MNIST, half of it shaded."""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "fashion",
    "The paper's networks on clothes, half of them shaded",
    "A plain GAN on photographs, half of them shaded, generates one group more often, 60 % against 40 %; RepFair-GAN "
    "generates both uniformly, with images of a similar quality (RepFair-GAN, sections 3.3 and 4.2, figures 1, 5, 6).",
    "fashion",
)
