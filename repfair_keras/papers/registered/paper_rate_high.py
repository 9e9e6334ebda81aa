"""The same networks and batches at the other rate that the paper prints."""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "paper_rate_high",
    "And at the other rate that the paper prints?",
    "RepFair-GAN prints 2e-4, and later 2e-3 for the CGAN (section 4); [paper_rate](paper_rate.md) has the first.",
    "paper_rate_high",
)
