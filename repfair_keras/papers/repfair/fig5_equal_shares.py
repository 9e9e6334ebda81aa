"""Figure 5 of RepFair-GAN: the groups' shares in photographs, half of them shaded.

Runs: both methods of the sweep `shaded_shares` with equal groups. Measured: shares and gaps late in training.
"""

from repfair_keras.papers.clouds import clouds_text
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.gap_parts import (
    GAP_RULE,
    NUMBER_RULE,
    equal_part,
    favour_part,
    number_part,
    repair_parts,
    unequal_part,
)
from repfair_keras.papers.page_text import paragraphs
from repfair_keras.papers.repfair import shaded_shares
from repfair_keras.papers.repfair.shaded_shares import METHODS
from repfair_keras.papers.run_rows import GAN, REPFAIR, late_rows, of_method
from repfair_keras.papers.verdict import INTERVAL_RULE, MAJORITY_RULE, Part, judge, missing_seeds

PAPER_GAP = 0.2  # 60 % shaded against 40 %, section 3.3


def measure(material: Material) -> Measured:
    """Does the plain GAN favour shaded images, and RepFair-GAN none?"""
    rows = late_rows(material.records)
    missing = missing_seeds(rows, METHODS, "late_gap") or clouds_text(material.records)
    parts = [] if missing else verdict(rows, material.groups[1])
    rules = [INTERVAL_RULE, MAJORITY_RULE, GAP_RULE, NUMBER_RULE]
    return judge(rows, paragraphs(shaded_shares.texts(material, rows)), parts, rules, missing)


def verdict(rows: list[dict], shaded: str) -> list[Part]:
    """The parts of the claim; `shaded` is the group that the paper finds more often."""
    plain, repaired = of_method(rows, GAN), of_method(rows, REPFAIR)
    return [
        unequal_part(plain, "the plain GAN"),
        favour_part(plain, shaded, "the plain GAN"),
        equal_part(repaired, "RepFair-GAN"),
        *repair_parts(rows),
        number_part(plain, "the plain GAN", PAPER_GAP),
    ]


FIGURE = PaperFigure(
    title="Figure 5: the groups' shares in photographs, half of them shaded",
    claim=(
        "A plain GAN trained on SVHN, half of it shaded, generates shaded images more often, 60 % against "
        "40 %; RepFair-GAN generates both uniformly (sections 3.3 and 4.2, Figure 5; its own shares are not"
        " printed)."
    ),
    sweep="shaded_shares",
    measure=measure,
    plot=shaded_shares.plot,
    select={"method": METHODS, "share": 0.5},
)
