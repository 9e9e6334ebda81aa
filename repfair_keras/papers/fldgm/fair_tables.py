"""What the figures of FLDGM on Adult and on COMPAS share: what classifiers learn from fair synthetic rows."""

from collections.abc import Iterator
from functools import partial

from matplotlib.figure import Figure

from repfair_keras.figures import table_methods
from repfair_keras.figures.names import METHOD_NAMES, method_name
from repfair_keras.papers.figure import Material, Measured
from repfair_keras.papers.fldgm.fair_rows import (
    CLOSE,
    FAIR,
    LOST,
    PLAIN,
    against_real,
    fair_rows,
    leak_interval,
)
from repfair_keras.papers.page_text import NO_RUN, paragraphs
from repfair_keras.papers.run_rows import of_method
from repfair_keras.papers.seed_statistics import difference
from repfair_keras.papers.seed_text import interval_text, mean_text
from repfair_keras.papers.verdict import INTERVAL_RULE, Part, above, below, judge, missing_seeds
from repfair_keras.reporting.markdown.text import table

FAIR_RULE = (
    f"Accuracy is kept if it falls by less than {LOST:g}; a code does not tell the group if the larger of "
    f"two classifiers' AUROC is below {CLOSE:g}. DP and FTU are of logistic regression, trained on synthetic "
    "rows and tested on real ones."
)
COLUMNS = {
    "demographic_parity/lr": "DP, LR",
    "ftu/lr": "FTU, LR",
    "accuracy/lr": "accuracy, LR",
    "demographic_parity/rf": "DP, RF",
    "ftu/rf": "FTU, RF",
    "accuracy/rf": "accuracy, RF",
    "similarity": "likeness of columns",
    "pair_similarity": "of pairs",
    "leak": "AUROC of the group from codes",
    "demographic_parity/blind": "DP, LR of codes alone",
    "accuracy/blind": "accuracy, LR of codes alone",
    "demographic_parity/codes": "DP, LR of codes and group",
    "accuracy/codes": "accuracy, LR of codes and group",
}
EXPLAINED = (
    "Classifiers (LR logistic regression, RF random forest) are trained on 10,000 synthetic rows, groups "
    "equally often, and tested on real rows; the first line: trained on the real rows. DP: difference of the "
    "groups' rates of positive predictions. FTU: how far the mean prediction moves when the group of all "
    "rows is changed. Likeness: 1 minus the total variation distance of each column, and of each pair, to "
    "the real test rows; the first line: of real training rows. The group is told from codes of held-out "
    "rows; the last four columns are of a classifier of the target, trained on codes of real rows and tested "
    "on those of held-out ones. Where it sees the group too, as in all other columns, it may put back what "
    "the encoder took out. Mean over seeds (95 % t interval)."
)


CLAIM = (
    "Synthetic data of FLD-WGAN-GP, FLD-LSGAN and FLD-DM are favourable in fairness, by fairness through "
    "unawareness (FTU) and demographic parity (DP), and in quality, fidelity and diversity, compared to "
    "the state of the art (poster, Results and Conclusion; no numbers). No competitor is run here: real rows "
    "stand in their place. Likeness is shown and not judged, as there is nothing to hold it against."
)


def measure(material: Material) -> Measured:
    """Are classifiers of the synthetic rows fairer than those of the real ones, and about as good?"""
    rows = fair_rows(material.records)
    missing = missing_seeds(rows, FAIR, "ftu/lr") if rows else NO_RUN
    parts = [] if missing else verdict(rows)
    text = paragraphs(_texts(rows)) if rows else NO_RUN
    return judge(rows, text, parts, [INTERVAL_RULE, FAIR_RULE], missing)


def verdict(rows: list[dict]) -> list[Part]:
    """The parts of the claim, those of each method."""
    return [part for method in FAIR for part in _parts(rows, method)]


def _parts(rows, method):
    name = method_name(method)
    for column, label in (("demographic_parity/lr", "DP"), ("ftu/lr", "FTU")):
        change = against_real(rows, method, column)
        text = f"{name}: {label} minus that of real rows is {interval_text(change)}, claimed: below 0"
        yield Part(text, below(change, 0), key=True)
    lost = against_real(rows, method, "accuracy/lr")
    text = f"{name}: accuracy minus that of real rows is {interval_text(lost)}, claimed: above -{LOST:g}"
    yield Part(text, above(lost, -LOST))
    plain = difference(rows, "demographic_parity/lr", PLAIN, method)
    text = f"{name}: DP minus that of {method_name(PLAIN)} on the same seeds is {interval_text(plain)}, "
    yield Part(f"{text}claimed: below 0", below(plain, 0))
    leak = leak_interval(rows, method)
    text = f"{name}: AUROC of the group from its codes is {interval_text(leak)}, claimed: below {CLOSE:g}"
    yield Part(text, below(leak, CLOSE))


def _texts(rows) -> Iterator[str]:
    header = ["trained on", "seeds", *COLUMNS.values()]
    lines = [["real rows", "", *real_cells(rows, COLUMNS)]]
    for method in METHOD_NAMES:
        if runs := of_method(rows, method):
            cells = [mean_text(runs, column, low=0, high=1) for column in COLUMNS]
            lines.append([method_name(method), str(len(runs)), *map(_without_seeds, cells)])
    yield table(header, lines)
    yield EXPLAINED


def real_cells(rows: list[dict], columns) -> list[str]:
    """Returns what real data reach in each of the columns, as text without an interval."""
    real = [{**row, **{column: row.get(f"real_{column}") for column in columns}} for row in rows]
    return [mean_text(real, column, low=0, high=1).split(" (")[0] for column in columns]


def _without_seeds(text):
    """Leaves out the number of seeds, which stands in a column of its own."""
    return text.rsplit(", ", 1)[0] + ")" if text.endswith("seeds)") else text


def plot(material: Material, title: str) -> Figure | None:
    """Plots the methods beside real rows; `None` without records."""
    rows = fair_rows(material.records)
    return table_methods.plot(rows, title) if rows else None


def figure_fields(sweep: str, title: str) -> dict:
    """Returns the fields of `PaperFigure` for one table."""
    plot_titled = partial(plot, title=title)
    return {"title": title, "sweep": sweep, "measure": measure, "plot": plot_titled, "select": {}}
