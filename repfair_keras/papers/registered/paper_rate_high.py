"""The paper's own networks and batches at the other rate that it prints."""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "paper_rate_high",
    "And at the other rate that the paper prints?",
    "RepFair-GAN prints two rates, 2e-4 and 2e-3 (section 4); [paper_rate](paper_rate.md) has the first.",
    "paper_rate_high",
)
