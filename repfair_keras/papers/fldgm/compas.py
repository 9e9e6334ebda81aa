"""FLDGM on COMPAS: are classifiers of its rows fairer than those of real ones?"""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "fld_compas",
    "FLDGM on COMPAS: are classifiers of its rows fairer than those of real ones?",
    "Synthetic data of FLD-WGAN-GP, FLD-LSGAN and FLD-DM are favourable in fairness, by fairness through unawareness "
    "(FTU) and demographic parity (DP), compared to the state of the art (FLDGM, poster; no numbers).",
    "fld_compas",
)
