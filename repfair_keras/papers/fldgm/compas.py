"""FLDGM on COMPAS: what classifiers learn from fair synthetic rows.

Runs: the sweep `fld_compas`. Measured: demographic parity, FTU and accuracy of classifiers, against real
rows.
"""

from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.fldgm import fair_tables

FIGURE = PaperFigure(
    claim=fair_tables.CLAIM,
    **fair_tables.figure_fields("fld_compas", "FLDGM on COMPAS: what classifiers learn"),
)
