"""Figures 5 and 9 of RepFair-GAN: the groups' shares, from equal and from unequal training data."""

from repfair_keras.figures.names import method_name
from repfair_keras.metrics.intervals import paired_difference
from repfair_keras.papers.corrected import SHARES_ARE
from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.gaps import (
    GAP_RULE,
    NUMBER_RULE,
    equal_part,
    favour_part,
    method_header,
    method_line,
    number_part,
    repair_parts,
    unequal_part,
)
from repfair_keras.papers.late_training import late_rows
from repfair_keras.papers.plots import share_bars
from repfair_keras.papers.run_rows import (
    GAN,
    REPFAIR,
    averaged,
    by_seed,
    missing_seeds,
    of_method,
    points,
    stand_in,
    stand_in_note,
)
from repfair_keras.papers.verdict import INTERVAL_RULE, MAJORITY_RULE, Part, below, judge
from repfair_keras.reporting.markdown.text import table

METHODS = (GAN, REPFAIR)
PAPER_GAP = 0.2  # 60 % shaded against 40 %, section 3.3
SHARES = (0.2, 0.3, 0.4)
EXPLAINED = (
    f"Means over the second half of training. {SHARES_ARE} The gap is the larger minus the smaller share "
    f"of a run. Intervals are 95 % t intervals "
    "over seeds."
)
OF_WHOM = (
    "The paper does not say of which group the training data have 20, 30 or 40 %; it calls shaded images "
    "the well-represented ones, so it may be the normal ones. Here it is the second group, the shaded "
    "images: normal ones are in the majority."
)


def measure_balanced(material):
    """Figure 5: does the plain GAN favour shaded images, and RepFair-GAN none?"""
    rows = late_rows(material.records)
    plain, repaired = of_method(rows, GAN), of_method(rows, REPFAIR)
    missing = missing_seeds(rows, METHODS, "late_gap")
    parts = (
        []
        if missing
        else [
            unequal_part(plain, "the plain GAN"),
            favour_part(plain, material.records[0]["data"]["groups"][1], "the plain GAN"),
            equal_part(repaired, "RepFair-GAN"),
            *repair_parts(rows),
            number_part(plain, "the plain GAN", PAPER_GAP),
        ]
    )
    rules = [INTERVAL_RULE, MAJORITY_RULE, GAP_RULE, NUMBER_RULE]
    text = "\n\n".join(filter(None, [stand_in(material.records, "svhn"), *_texts(material.records, rows)]))
    return judge(rows, text, parts, rules, missing)


def measure_unequal(material):
    """Figure 9: is what RepFair-GAN generates from unequal data less skewed?"""
    rows = late_rows(material.records)
    missing = " ".join(filter(None, [_missing(rows, share) for share in SHARES]))
    parts = [] if missing else [part for share in SHARES for part in _parts(material.records, rows, share)]
    if not missing:
        mean = averaged([row for row in rows if row["training_share"] in SHARES], ["late_gap"])
        parts = [*repair_parts(mean, name="gap, mean of 20, 30 and 40 %,"), *parts, _paradox(rows)]
    told = [stand_in(material.records, "svhn"), *_texts(material.records, rows), OF_WHOM]
    return judge(rows, "\n\n".join(filter(None, told)), parts, [INTERVAL_RULE, MAJORITY_RULE], missing)


def _of_share(rows, share):
    return [row for row in rows if row["training_share"] == share]


def _missing(rows, share):
    lacking = missing_seeds(_of_share(rows, share), METHODS, "late_gap")
    return f"{100 * share:g} % in the training data: {lacking}" if lacking else ""


def _parts(records, rows, share):
    """What the paper claims of one make-up of the training data."""
    mine, majority = _of_share(rows, share), records[0]["data"]["groups"][0]
    found = [favour_part(of_method(mine, GAN), majority, "the plain GAN"), repair_parts(mine, key=False)[0]]
    return [part._replace(text=f"at {100 * share:g} % {part.text}") for part in found]


def _paradox(rows):
    """The paper's surprise, which it does not explain."""
    repaired = of_method(rows, REPFAIR)
    gaps = [by_seed(_of_share(repaired, share), "late_gap") for share in (0.3, 0.2)]
    change = paired_difference(*gaps, low=-1, high=1)
    text = f"RepFair-GAN's gap at 20 % minus that at 30 % is {points(change)}, claimed: below 0"
    return Part(text, below(change, 0))


def _texts(records, rows):
    """The table of methods and training shares, and what it shows."""
    if not rows:
        yield "No run of either method has been recorded."
        return
    group = records[0]["data"]["groups"][1]
    lines = [
        [f"{100 * share:g} % {group}, {method_name(method)}", *method_line(mine, method, group)]
        for share in sorted({row["training_share"] for row in rows})
        for mine in [_of_share(rows, share)]
        for method in METHODS
        if of_method(mine, method)
    ]
    yield table(["training data, method", *method_header(group)], lines)
    yield EXPLAINED


def draw(material):
    """Draws figure 5 or 9."""
    groups = material.records[0]["data"]["groups"] if material.records else []
    return share_bars.draw(
        late_rows(material.records), groups, METHODS, stand_in_note(material.records, "svhn")
    )


FIGURE_5 = PaperFigure(
    title="Figure 5: the groups' shares in photographs, half of them shaded",
    claim=(
        "A plain GAN trained on SVHN, half of it shaded, generates shaded images more often, 60 % against "
        "40 %; RepFair-GAN generates both uniformly (sections 3.3 and 4.2, Figure 5; its own shares are not"
        " printed)."
    ),
    sweep="shaded_shares",
    measure=measure_balanced,
    draw=draw,
    select={"method": METHODS, "share": 0.5},
)

FIGURE_9 = PaperFigure(
    title="Figure 9: the groups' shares where one is rare in the training data",
    claim=(
        "Trained on SVHN with 20, 30 or 40 % of one group, a plain GAN is highly biased towards the well-"
        "represented group in all cases, and RepFair-GAN less; at 20 % it is less skewed than at 30 %, "
        "which surprises the authors too (section 4.2, Figure 9; no numbers printed)."
    ),
    sweep="shaded_shares",
    measure=measure_unequal,
    draw=draw,
    select={"method": METHODS, "share": SHARES},
)
