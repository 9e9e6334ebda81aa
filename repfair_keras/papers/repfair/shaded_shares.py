"""What figures 5 and 9 share: the table and the bars of both methods, by the make-up of the training data."""

from collections.abc import Iterator

from matplotlib.figure import Figure

from repfair_keras.figures.names import method_name
from repfair_keras.papers.corrected_shares import SHARES_ARE
from repfair_keras.papers.figure import Material
from repfair_keras.papers.gap_table import method_header, method_line
from repfair_keras.papers.page_text import NO_RUN_OF_EITHER, stand_in, stand_in_note
from repfair_keras.papers.plots import share_bars
from repfair_keras.papers.run_rows import GAN, REPFAIR, late_rows, of_method, of_share
from repfair_keras.reporting.markdown.text import table

METHODS = (GAN, REPFAIR)
EXPLAINED = (
    f"Means over the second half of training. {SHARES_ARE} The gap is the larger minus the smaller share "
    f"of a run. Intervals are 95 % t intervals "
    "over seeds."
)


def texts(material: Material, rows: list[dict]) -> Iterator[str]:
    """Yields the sentence on stand-in data, the table of methods and training shares, and what it shows."""
    yield stand_in(material.records, "svhn")
    if not rows:
        yield NO_RUN_OF_EITHER
        return
    shaded = material.groups[1]
    lines = [
        [f"{100 * share:g} % {shaded}, {method_name(method)}", *method_line(runs, method, shaded)]
        for share in sorted({row["training_share"] for row in rows})
        for runs in [of_share(rows, share)]
        for method in METHODS
        if of_method(runs, method)
    ]
    yield table(["training data, method", *method_header(shaded)], lines)
    yield EXPLAINED


def plot(material: Material) -> Figure:
    """Plots the shares of the groups, a panel per make-up of the training data."""
    note = stand_in_note(material.records, "svhn")
    return share_bars.plot(late_rows(material.records), material.groups, METHODS, note)
