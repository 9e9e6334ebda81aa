"""The public arena of fair tables: what classifiers learn from the rows of published methods, and from ours.

No sweep: cells, each a table, an engine, a sampling and a seed, see `cells`.
"""

from matplotlib.figure import Figure

from repfair_keras.papers.figure import ILLUSTRATION, Material, Measured
from repfair_keras.papers.tables import pareto_plot
from repfair_keras.papers.tables.arena_data import TABLES
from repfair_keras.papers.tables.arena_rows import OURS, PUBLISHED, arena_rows, shown_classifier
from repfair_keras.papers.tables.arena_text import areas, arena_text
from repfair_keras.papers.tables.cell_figure import CellFigure

NONE_OF_OURS = "None of our cells has been recorded; what is shown is published."


def measure(material: Material) -> Measured:
    """How good and how equal is what classifiers learn from the rows of each method?"""
    rows = arena_rows(material.records)
    shown = shown_rows(rows)
    return Measured(rows, arena_text(rows, shown), ILLUSTRATION, _why(shown))


def shown_rows(rows: list[dict]) -> list[dict]:
    """Returns the rows of the classifier that each table shows, and all published ones."""
    of_table = {}
    for row in rows:
        of_table.setdefault(row["table"], []).append(row)
    return [
        row
        for of_one in of_table.values()
        for row in of_one
        if row["origin"] == PUBLISHED or row["classifier"] == shown_classifier(of_one)
    ]


def _why(shown):
    if not any(row["origin"] == OURS for row in shown):
        return NONE_OF_OURS
    parts = [
        f"{one['published']:.3f} to {one['both']:.3f} on {TABLES[one['table']].title} by {one['sensitive']}"
        for one in areas(shown)
        if one["both"] is not None and one["sensitive"] == TABLES[one["table"]].sensitive[0]
    ]
    if not parts:
        return "Of the published tables there is no method of ours yet."
    return f"With ours, the area below the published front of AUROC and DPR goes from {', '.join(parts)}."


def plot(material: Material) -> Figure:
    """Plots AUROC against demographic parity, as they were measured."""
    measured = material.measured or measure(material)
    return pareto_plot.plot(shown_rows(measured.rows))


FIGURE = CellFigure(
    title="Fair tables: the public arena",
    claim=(
        "Tabular diffusion with sensitive guidance, FairTabDDPM, improves demographic parity and equalised odds ratios "
        "over existing synthesisers of tables by more than 10 % and keeps the quality (Yang et al., TMLR 2025). "
        "Published on Adult by sex: AUROC .893, DPR .543 and EOR .667; real rows have .928, .309 and .193."
    ),
    sweep=None,
    measure=measure,
    plot=plot,
    select={},
)
