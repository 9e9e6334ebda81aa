"""Figures 5 and 9 of RepFair-GAN: the groups' shares, from equal and from unequal training data."""

from repfair_keras.evaluation.markdown.text import table
from repfair_keras.figures.paper import share_bars
from repfair_keras.figures.paper.names import method_name
from repfair_keras.metrics.intervals import mean_interval, paired_difference
from repfair_keras.reproduction.definition import Measured, Reproduction
from repfair_keras.reproduction.late import (
    GAN,
    REPFAIR,
    equal_part,
    favour_part,
    late_rows,
    method_header,
    method_line,
    number_part,
    points,
    repair_part,
    unequal_part,
)
from repfair_keras.reproduction.parts import GAP_RULE, INTERVAL_RULE, Part, above, below, judge
from repfair_keras.reproduction.runs import (
    by_seed,
    difference,
    missing_seeds,
    of_method,
    stand_in,
    stand_in_note,
)

METHODS = (GAN, REPFAIR)
PAPER_GAP = 0.2  # 60 % shaded against 40 %, section 3.3
SHARES = (0.2, 0.3, 0.4)
EXPLAINED = (
    "Shares are of the images whose group is clear, the undecided ones of all; means over the second half "
    "of training. The gap is the larger minus the smaller share of a run. Intervals are 95 % t intervals "
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
            repair_part(rows),
        ]
    )
    numbers = [number_part(plain, "the plain GAN", PAPER_GAP)]
    text = "\n\n".join(filter(None, [stand_in(material.records, "svhn"), *_texts(material.records, rows)]))
    return Measured(rows, text, *judge(parts, [INTERVAL_RULE, GAP_RULE], missing, numbers))


def measure_unequal(material):
    """Figure 9: is what RepFair-GAN generates from unequal data less skewed?"""
    rows = late_rows(material.records)
    missing = " ".join(filter(None, [_missing(rows, share) for share in SHARES]))
    parts = [] if missing else [part for share in SHARES for part in _parts(material.records, rows, share)]
    parts += [] if missing else [_paradox(rows)]
    told = [stand_in(material.records, "svhn"), *_texts(material.records, rows), OF_WHOM]
    return Measured(rows, "\n\n".join(filter(None, told)), *judge(parts, [INTERVAL_RULE], missing))


def _of_share(rows, share):
    return [row for row in rows if row["training_share"] == share]


def _missing(rows, share):
    lacking = missing_seeds(_of_share(rows, share), METHODS, "late_gap")
    return f"{100 * share:g} % in the training data: {lacking}" if lacking else ""


def _parts(records, rows, share):
    """What the paper claims of one make-up of the training data."""
    mine, place = _of_share(rows, share), f"at {100 * share:g} %"
    majority = records[0]["data"]["groups"][0]
    lead = mean_interval([row[f"late_lead/{majority}"] for row in of_method(mine, GAN)])
    change = difference(mine, "late_gap", GAN, REPFAIR)
    return [
        Part(
            f"{place} the plain GAN lets the majority lead by {points(lead)}, claimed: above 0",
            above(lead, 0),
        ),
        Part(
            f"{place} RepFair-GAN's gap minus the plain GAN's is {points(change)}, claimed: below 0",
            below(change, 0),
            key=True,
        ),
    ]


def _paradox(rows):
    """The paper's surprise, which it does not explain."""
    repaired = of_method(rows, REPFAIR)
    gaps = [by_seed(_of_share(repaired, share), "late_gap") for share in (0.3, 0.2)]
    change = paired_difference(*gaps)
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


FIGURE_5 = Reproduction(
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

FIGURE_9 = Reproduction(
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
