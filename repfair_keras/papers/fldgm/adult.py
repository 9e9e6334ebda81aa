"""FLDGM on Adult: are classifiers of its rows fairer than those of real ones?"""

from repfair_keras.papers.registered.block import block_figure

FIGURE = block_figure(
    "fld_adult",
    "FLDGM on Adult: are classifiers of its rows fairer than those of real ones?",
    "Synthetic data of FLD-WGAN-GP, FLD-LSGAN and FLD-DM are favourable in fairness, by fairness through unawareness "
    "(FTU) and demographic parity (DP), and in quality, fidelity and diversity, compared to the state of the art "
    "(FLDGM, poster, Results and Conclusion; no numbers). No competitor is run here: real rows stand in their place. "
    "The supplement has for the real Adult data FTU .116 and DP .180, and does not say of which classifier; with it "
    "FTU goes from .01 to .13 ([real_adult](real_adult.md)).",
    "fld_adult",
)
