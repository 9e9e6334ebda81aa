"""RepFair-GAN's photographs, on real digits of SVHN, by networks of today and by the paper's."""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "house_numbers",
    "The paper's photographs, on real house numbers",
    "A plain GAN on SVHN, half of it shaded, generates shaded images more often, 60 % against 40 %; with 20, 30 or "
    "40 % of one group it is highly biased. RepFair-GAN generates both evenly, or nearer to it, with images of a "
    "similar quality (RepFair-GAN, sections 3.3 and 4.2, figures 1, 5, 6 and 9).",
    "house_numbers",
)
