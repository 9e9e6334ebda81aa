"""FLDGM, figure 4: digits in the colours that were asked for.

Runs: the sweep `fld_colour_mnist`. Measured: whether images show the colour asked for, whether latents tell
it, and what classifiers learn from the images.
"""

from math import inf

from matplotlib.figure import Figure

from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.figures.names import METHOD_NAMES, method_name
from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.fldgm.fair_rows import (
    CLOSE,
    FAIR,
    LOST,
    PLAIN,
    against_real,
    first_pictures,
    leak_interval,
    variant,
)
from repfair_keras.papers.page_text import NO_RUN, paragraphs
from repfair_keras.papers.plots import sample_pictures
from repfair_keras.papers.run_rows import identity, of_method
from repfair_keras.papers.seed_statistics import difference
from repfair_keras.papers.seed_text import interval_text, mean_text
from repfair_keras.papers.verdict import INTERVAL_RULE, Part, above, below, judge, missing_seeds
from repfair_keras.reporting.image_row import to_row
from repfair_keras.reporting.markdown.text import table
from repfair_keras.reporting.table_row import leak

PURE = 0.9  # share of the images made for a colour that show it, above which they show it
COLOUR_RULE = f"Codes do not tell the colour if the larger of two classifiers' AUROC is below {CLOSE:g}. " + (
    f"The colours are those asked for if more than {PURE:.0%} of the images made for the worst one show it. "
    f"DP, FTU and accuracy are of logistic regression; fairness may cost less than {LOST:g} of accuracy."
)
IMAGES = {
    "purity": "purity, worst colour",
    "undecided": "undecided",
    "kid": "KID",
    "precision": "precision",
    "recall": "recall",
    "leak": "AUROC of the colour from codes",
    "association": "digit with colour",
    "association_training": "of training digits",
}
LEARNT = {
    f"{metric}/{short}": f"{label}, {short.upper()}"
    for short in ("lr", "rf")
    for metric, label in (("demographic_parity", "DP"), ("ftu", "FTU"), ("accuracy", "accuracy"))
}
EXPLAINED = (
    "Purity: share of the images made for a colour that show it, of those whose colour is clear; the worst "
    "colour's. KID, precision and recall are in features learnt from digits whose colour does not depend on "
    "the digit, and against such digits. Codes are of digits that were held out. Digit with colour: Cramér's V of the "
    "digit that the judge of labels sees and the colour asked for, 0 (unrelated) to 1. Mean over seeds (95 % "
    "t interval)."
)
EXPLAINED_CLASSIFIERS = (
    "Classifiers (LR logistic regression, RF random forest) tell 5 to 9 from 0 to 4. They see a digit in "
    "grey, and its colour; they are trained on 10,000 generated digits, the first line on so many of the "
    "biased real ones, and tested on real digits whose colour does not depend on the digit. A generated "
    "digit is what the judge of labels takes it for. DP: difference of the colours' rates of positive "
    "predictions. FTU: how far the mean prediction moves when all digits are painted over. A random forest "
    "holds the colour against a digit much less from the start, so that there is little to win."
)


def colour_rows(records: list[dict]) -> list[dict]:
    """Returns a row per run: `identity`, the report's main numbers, `purity` and `leak`."""
    return [
        {
            **to_row(report_from_dict(record["report"])),
            **identity(record),
            "method": variant(record["config"]),
            "purity": min(value or 0.0 for value in record["report"]["asked"]["purity"]),
            "leak": leak(report_from_dict(record["report"])),
            "association": record["report"]["asked"].get("label_association"),
            "association_training": record["report"]["asked"].get("label_association_training"),
        }
        for record in records
    ]


def measure(material: Material) -> Measured:
    """Do images show the colour that was asked for, and do latents not?"""
    rows = colour_rows(material.records)
    missing = missing_seeds(rows, FAIR, "ftu/lr") if rows else NO_RUN
    parts = [] if missing else verdict(rows)
    return judge(rows, _text(rows), parts, [INTERVAL_RULE, COLOUR_RULE], missing)


def verdict(rows: list[dict]) -> list[Part]:
    """The parts of the claim, those of each method: on colours, then on classifiers."""
    kinds = (_colour_parts, _classifier_parts)
    return [part for method in FAIR for parts_of in kinds for part in parts_of(rows, method)]


def _colour_parts(rows, method):
    name = method_name(method)
    pure = mean_interval([row["purity"] for row in of_method(rows, method)], low=0, high=1)
    text = f"{name}: purity of the worst colour is {interval_text(pure)}, claimed: above {PURE:g}"
    yield Part(text, above(pure, PURE), key=True)
    change = difference(rows, "leak", PLAIN, method)
    text = f"{name}: AUROC of the colour from codes minus that without penalty is {interval_text(change)}, "
    yield Part(f"{text}claimed: below 0", below(change, 0))
    left = leak_interval(rows, method)
    text = f"{name}: AUROC of the colour from codes is {interval_text(left)}, claimed: below {CLOSE:g}"
    yield Part(text, below(left, CLOSE), key=True)


def _classifier_parts(rows, method):
    name = method_name(method)
    for column, label in (("demographic_parity/lr", "DP"), ("ftu/lr", "FTU")):
        real = against_real(rows, method, column)
        text = f"{name}: {label} minus that of the biased real digits is {interval_text(real)}, "
        yield Part(f"{text}claimed: below 0", below(real, 0))
        plain = difference(rows, column, PLAIN, method)
        text = f"{name}: {label} minus that of {method_name(PLAIN)} is {interval_text(plain)}, "
        yield Part(f"{text}claimed: below 0", below(plain, 0))
    lost = against_real(rows, method, "accuracy/lr")
    text = f"{name}: accuracy minus that of real digits is {interval_text(lost)}, claimed: above -{LOST:g}"
    yield Part(text, above(lost, -LOST))


def real_cells(rows: list[dict], columns) -> list[str]:
    """Returns what real data reach in each of the columns, as text without an interval."""
    real = [{**row, **{column: row.get(f"real_{column}") for column in columns}} for row in rows]
    return [mean_text(real, column, low=0, high=1).split(" (")[0] for column in columns]


def _text(rows):
    if not rows:
        return NO_RUN
    images = table(["method", *IMAGES.values()], _lines(rows, IMAGES))
    real = ["real digits", *real_cells(rows, LEARNT)]
    learnt = table(["trained on", *LEARNT.values()], [real, *_lines(rows, LEARNT)])
    return paragraphs([images, EXPLAINED, learnt, EXPLAINED_CLASSIFIERS])


def _lines(rows, columns):
    return [
        [
            method_name(method),
            *(mean_text(runs, column, low=0, high=inf if column == "kid" else 1) for column in columns),
        ]
        for method in METHOD_NAMES
        if (runs := of_method(rows, method))
    ]


def plot(material: Material) -> Figure | None:
    """Plots samples of each method's first seed, the colours in turn."""
    return sample_pictures.plot_one_below_the_other(first_pictures(material.records, METHOD_NAMES))


FIGURE = PaperFigure(
    title="FLDGM, figure 4: Colour MNIST",
    claim=(
        "Figure 4 shows digits that FLDGM generates on Colour MNIST, in the colour that is asked for, which "
        "the codes do not tell. It has no numbers. The paper's colours do not depend on the digit, so that "
        "there is little to take out of a code; here nine of ten digits have the colour of their class. What "
        "classifiers learn is not in the figure; it is asked here as of tables, for which FTU and DP are "
        "claimed."
    ),
    sweep="fld_colour_mnist",
    measure=measure,
    plot=plot,
    select={},
)
