"""FLDGM's supplement: the weight of the penalty, 10^alpha, and what it does to fairness and accuracy.

Runs: the sweep `fld_alpha`. Measured: demographic parity and accuracy of classifiers of synthetic rows,
by alpha.
"""

from collections.abc import Iterator

from matplotlib.figure import Figure

from repfair_keras.metrics.intervals import paired_difference
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.fldgm.alpha_plot import plot_alphas
from repfair_keras.papers.fldgm.fair_rows import fair_rows
from repfair_keras.papers.page_text import NO_RUN
from repfair_keras.papers.run_rows import by_seed
from repfair_keras.papers.seed_statistics import SEEDS
from repfair_keras.papers.seed_text import interval_text, mean_text
from repfair_keras.papers.verdict import INTERVAL_RULE, Part, below, judge
from repfair_keras.reporting.markdown.text import table

LEAST, CHOSEN, MOST = 0.0, 7.0, 10.0  # exponents that the claim compares
ABOUT_ZERO = 0.02  # difference of rates up to which demographic parity "is 0"
ZERO_RULE = f"Demographic parity is about 0 if it is below {ABOUT_ZERO:g}."
COLUMNS = {
    "demographic_parity/lr": "DP",
    "ftu/lr": "FTU",
    "accuracy/lr": "accuracy",
    "similarity": "likeness of columns",
    "leak": "AUROC of the group from codes",
    "demographic_parity/blind": "DP, codes alone",
    "accuracy/blind": "accuracy, codes alone",
    "demographic_parity/codes": "DP, codes and group",
    "accuracy/codes": "accuracy, codes and group",
}
EXPLAINED = (
    "FLD-WGAN-GP on Adult; logistic regression, trained on 10,000 synthetic rows, tested on real ones; the "
    "last four columns: trained on the codes of real rows, with or without the group, tested on those of "
    "held-out ones. Mean over seeds (95 % t interval)."
)


def measure(material: Material) -> Measured:
    """Does demographic parity fall to about 0 at alpha = 7, and accuracy only after it?"""
    rows = fair_rows(material.records)
    missing = _missing(rows)
    parts = [] if missing else list(verdict(rows))
    return judge(rows, _text(rows), parts, [INTERVAL_RULE, ZERO_RULE], missing)


def _missing(rows):
    few = [alpha for alpha in (LEAST, CHOSEN, MOST) if len(_at(rows, alpha)) < SEEDS]
    if not few:
        return ""
    have = f"alpha {few[0]:g} has {len(_at(rows, few[0]))}"
    return f"At least {SEEDS} seeds are needed of alpha 0, 7 and 10; {have}."


def _at(rows, alpha):
    return [row for row in rows if row["alpha"] == alpha]


def verdict(
    rows: list[dict], parity: str = "demographic_parity/lr", accuracy: str = "accuracy/lr"
) -> Iterator[Part]:
    """Yields the parts of the claim; `parity` and `accuracy` are columns of the classifier that decides."""
    fallen = _change(rows, parity, LEAST, CHOSEN)
    text = f"demographic parity at alpha 7 minus that at 0 is {interval_text(fallen)}, claimed: below 0"
    yield Part(text, below(fallen, 0), key=True)
    left = by_seed(_at(rows, CHOSEN), parity)
    left = paired_difference(dict.fromkeys(left, 0.0), left, low=0, high=1)
    text = f"demographic parity at alpha 7 is {interval_text(left)}, claimed: about 0"
    yield Part(text, below(left, ABOUT_ZERO), key=True)
    lost = _change(rows, accuracy, CHOSEN, MOST)
    text = f"accuracy at alpha 10 minus that at 7 is {interval_text(lost)}, claimed: below 0"
    yield Part(text, below(lost, 0))


def _change(rows, column, first, second):
    values = (by_seed(_at(rows, alpha), column) for alpha in (first, second))
    return paired_difference(*values, low=-1, high=1)


def _text(rows):
    if not rows:
        return NO_RUN
    lines = [
        [f"{alpha:g}", *(mean_text(_at(rows, alpha), column, low=0, high=1) for column in COLUMNS)]
        for alpha in sorted({row["alpha"] for row in rows})
    ]
    return f"{table(['alpha', *COLUMNS.values()], lines)}\n\n{EXPLAINED}"


def plot(material: Material) -> Figure | None:
    """Plots the metrics against alpha; `None` without records."""
    rows = fair_rows(material.records)
    return plot_alphas(rows) if rows else None


FIGURE = PaperFigure(
    title="FLDGM: the weight of the penalty, alpha from 0 to 10",
    claim=(
        "With alpha, the exponent of the penalty's weight, from 0 to 10 on Adult, demographic parity falls "
        "to about 0 at 7, and accuracy falls after it (supplement, ablation)."
    ),
    sweep="fld_alpha",
    measure=measure,
    plot=plot,
    select={},
)
