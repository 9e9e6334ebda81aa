"""Figure 9 of RepFair-GAN: the groups' shares where one is rare in the training data.

Runs: both methods of the sweep `shaded_shares` with 20, 30 and 40 % of one group. Measured: shares and gaps
late in training, at each share and, for each seed, over all three.
"""

from repfair_keras.metrics.intervals import paired_difference
from repfair_keras.papers.clouds import clouds_text
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.gap_parts import favour_part, repair_parts
from repfair_keras.papers.page_text import paragraphs
from repfair_keras.papers.repfair import shaded_shares
from repfair_keras.papers.repfair.shaded_shares import METHODS
from repfair_keras.papers.run_rows import GAN, REPFAIR, by_seed, late_rows, of_method, of_share
from repfair_keras.papers.seed_statistics import averaged
from repfair_keras.papers.seed_text import points
from repfair_keras.papers.verdict import INTERVAL_RULE, MAJORITY_RULE, Part, below, judge, missing_seeds

SHARES = (0.2, 0.3, 0.4)
OF_WHOM = (
    "The paper does not say of which group the training data have 20, 30 or 40 %; it calls shaded images "
    "the well-represented ones, so it may be the normal ones. Here it is the second group, the shaded "
    "images: normal ones are in the majority."
)


def measure(material: Material) -> Measured:
    """Is what RepFair-GAN generates from unequal data less skewed?"""
    rows = late_rows(material.records)
    missing = " ".join(filter(None, (_missing(rows, share) for share in SHARES)))
    missing = missing or clouds_text(material.records)
    parts = [] if missing else verdict(rows, material.groups[0])
    text = paragraphs([*shaded_shares.texts(material, rows), OF_WHOM])
    return judge(rows, text, parts, [INTERVAL_RULE, MAJORITY_RULE], missing)


def _missing(rows, share):
    lacking = missing_seeds(of_share(rows, share), METHODS, "late_gap")
    return f"{100 * share:g} % in the training data: {lacking}" if lacking else ""


def verdict(rows: list[dict], majority: str) -> list[Part]:
    """The parts of the claim; `majority` is the group that has more of the training data."""
    means = averaged([row for row in rows if row["training_share"] in SHARES], ["late_gap"])
    return [
        *repair_parts(means, name="gap, mean of 20, 30 and 40 %,"),
        *(part for share in SHARES for part in _parts_at(of_share(rows, share), share, majority)),
        _less_skewed_at_20_than_at_30(rows),
    ]


def _parts_at(rows, share, majority):
    """What the paper claims of one make-up of the training data."""
    favoured = favour_part(of_method(rows, GAN), majority, "the plain GAN")
    smaller, _ = repair_parts(rows, key=False)
    return [part._replace(text=f"at {100 * share:g} % {part.text}") for part in (favoured, smaller)]


def _less_skewed_at_20_than_at_30(rows):
    """The paper's surprise, which it does not explain."""
    repaired = of_method(rows, REPFAIR)
    gaps = [by_seed(of_share(repaired, share), "late_gap") for share in (0.3, 0.2)]
    change = paired_difference(*gaps, low=-1, high=1)
    text = f"RepFair-GAN's gap at 20 % minus that at 30 % is {points(change)}, claimed: below 0"
    return Part(text, below(change, 0))


FIGURE = PaperFigure(
    title="Figure 9: the groups' shares where one is rare in the training data",
    claim=(
        "Trained on SVHN with 20, 30 or 40 % of one group, a plain GAN is highly biased towards the well-"
        "represented group in all cases, and RepFair-GAN less; at 20 % it is less skewed than at 30 %, "
        "which surprises the authors too (section 4.2, Figure 9; no numbers printed)."
    ),
    sweep="shaded_shares",
    measure=measure,
    plot=shaded_shares.plot,
    select={"method": METHODS, "share": SHARES},
)
