"""FLDGM's penalty: what its weight means depends on the statistic and on the batch."""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "fld_alpha",
    "FLDGM's penalty: what does its weight mean in another batch, and with another statistic?",
    "With alpha, the exponent of the penalty's weight, from 0 to 10 on Adult, demographic parity falls to about 0 at "
    "7, and accuracy falls after it (FLDGM, supplement, ablation).",
    "fld_alpha",
)
