"""Figures 1 and 3 of RepFair-GAN: gradient norms of the groups, and whether the larger one wins."""

from repfair_keras.figures.names import METHOD_NAMES, method_name
from repfair_keras.papers.corrected import SHARES_ARE
from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.gaps import (
    GAP_RULE,
    NUMBER_RULE,
    favour_part,
    number_part,
    unequal_part,
)
from repfair_keras.papers.late_training import late_rows
from repfair_keras.papers.plots import norms
from repfair_keras.papers.repfair.norm_rows import agreement, growth_of_ratio, norm_rows
from repfair_keras.papers.run_rows import (
    GAN,
    NO_RUN,
    REPFAIR,
    count_smaller,
    difference,
    each_text,
    interval_text,
    mean_text,
    missing_pairs,
    missing_seeds,
    of_method,
    stand_in,
    stand_in_note,
)
from repfair_keras.papers.verdict import (
    INTERVAL_RULE,
    MAJORITY_RULE,
    Part,
    above,
    below,
    count_text,
    judge,
    majority_part,
)
from repfair_keras.reporting.markdown.text import percent, table

PAPER_GAP = 0.2  # 60 % against 40 %, section 3.3


def measure_winner(material):
    """Figure 1: does the group with the larger gradient norm win?"""
    rows, late = norm_rows(material.records), late_rows(material.records)
    missing = missing_seeds(rows, [GAN], "late_larger_wins")
    told = [stand_in(material.records, "svhn"), _winner_text(material.records, rows)]
    parts = [] if missing else _winner_parts(material.records[0]["data"]["groups"][1], rows, late)
    rules = [MAJORITY_RULE, INTERVAL_RULE, GAP_RULE, NUMBER_RULE]
    return judge(rows, "\n\n".join(filter(None, told)), parts, rules, missing)


def _winner_parts(group, rows, late):
    won = "the group with the larger late gradient norm is generated more often"
    return [
        majority_part(won, *agreement(rows, "late")),
        _growth_part(rows),
        unequal_part(late, "the plain GAN"),
        favour_part(late, group, "the plain GAN"),
        number_part(late, "the plain GAN", PAPER_GAP),
    ]


def _growth_part(rows):
    found = growth_of_ratio(rows)
    text = (
        f"log10 of the plain GAN's larger over smaller norm grows by {interval_text(found)} during training"
    )
    return Part(f"{text}, claimed: above 0", above(found, 0))


def _winner_text(records, rows):
    if not rows:
        return NO_RUN
    groups = records[0]["data"]["groups"]
    lines = [
        [
            f"seed {row['seed']}",
            *(_norm(row[f"{part}_norm/{name}"]) for part in ("early", "late") for name in groups),
            *(percent(row[f"late_share/{name}"]) for name in groups),
            *(
                {True: "yes", False: "no", None: "-"}[row[f"{part}_larger_wins"]]
                for part in ("early", "late")
            ),
        ]
        for row in sorted(rows, key=lambda row: row["seed"])
    ]
    header = ["plain GAN", *(f"norm of {name}, {part}" for part in ("early", "late") for name in groups)]
    header += [*(f"share of {name}" for name in groups), "larger early norm wins", "larger late norm wins"]
    return (
        f"{table(header, lines)}\n\n"
        "Norms are those of the discriminator's gradient on real images of one group, before any clipping: "
        "early is the mean over the first quarter of training, late over the second half, as shares are. "
        f"{SHARES_ARE}\n\n"
        "The group with the larger norm was generated more often in: early norms "
        f"{count_text(*agreement(rows, 'early'))}, late norms {count_text(*agreement(rows, 'late'))}. A "
        f"late norm may as well "
        "follow from the shares as cause them: real images of a group that the generator does not make are "
        "easily told from generated ones, and then their gradient is small. Early norms speak of a cause "
        "only where the shares were still even."
    )


def measure_closeness(material):
    """Figure 3: does Algorithm 1 keep the groups' norms together, and which part of it?"""
    rows = norm_rows(material.records)
    missing = missing_pairs(rows, "late_ratio_log10", GAN, REPFAIR)
    told = [stand_in(material.records, "mnist"), _closeness_text(rows)]
    parts = [] if missing else _closeness_parts(rows)
    rules = [INTERVAL_RULE, MAJORITY_RULE]
    return judge(rows, "\n\n".join(filter(None, told)), parts, rules, missing)


def _closeness_parts(rows):
    found = difference(rows, "late_ratio_log10", GAN, REPFAIR)
    smaller = count_smaller(rows, "late_ratio_log10", GAN, REPFAIR)
    ratio = "RepFair-GAN's log10 of the larger over the smaller late norm"
    text = f"{ratio} minus the plain GAN's is {interval_text(found)}, claimed: below 0"
    return [
        Part(text, below(found, 0), key=True),
        majority_part("RepFair-GAN's ratio of late norms is smaller", *smaller),
        _growth_part(of_method(rows, GAN)),
    ]


def _closeness_text(rows):
    if not rows:
        return NO_RUN
    methods = [method for method in METHOD_NAMES if of_method(rows, method)]
    lines = []
    for method in methods:
        mine = of_method(rows, method)
        paired = "-" if method == GAN else interval_text(difference(rows, "late_ratio_log10", GAN, method))
        columns = ("early_ratio_log10", "late_ratio_log10")
        lines.append([method_name(method), *(mean_text(mine, column) for column in columns)])
        lines[-1] += [each_text(mine, "late_ratio_log10"), paired, count_text(*agreement(mine, "late"))]
    header = [
        "method",
        "early",
        "late",
        "late, each seed",
        "late, minus plain GAN (paired)",
        "larger norm wins",
    ]
    return (
        f"{table(header, lines)}\n\n"
        "Numbers are log10 of the larger over the smaller of the groups' gradient norms, before clipping: "
        "0 is equal norms, 0.3 twice, 1 ten times; means over seeds with 95 % t intervals. Early is the "
        "first quarter of training, late the second half. The last column counts the runs in which the "
        "group with the larger late norm was generated more often."
    )


def draw_winner(material):
    """Draws figure 1; `None` without records."""
    records = material.records
    note = stand_in_note(records, "svhn")
    return norms.draw_with_shares(records, norm_rows(records), note) if records else None


def draw_closeness(material):
    """Draws figure 3; `None` without records."""
    note = stand_in_note(material.records, "mnist")
    return norms.draw(material.records, note) if material.records else None


def _norm(value):
    return "-" if value is None else f"{value:.3g}"


FIGURE_1 = PaperFigure(
    title="Figure 1: the group with the larger gradient norm is generated more often",
    claim=(
        "A plain GAN on SVHN, half of it shaded: the discriminator's gradient norms of the two groups are "
        "close at the beginning and drift apart; at test time the group with the larger norm, shaded "
        "images, makes up 60 % against 40 % (section 3.3, Figure 1)."
    ),
    sweep="shaded_shares",
    measure=measure_winner,
    draw=draw_winner,
    select={"method": GAN, "share": 0.5},
)

FIGURE_3 = PaperFigure(
    title="Figure 3: Algorithm 1 keeps the gradient norms of the groups together",
    claim=(
        "On MNIST with half of the digits inverted, the difference between the groups' gradient norms "
        "widens over the epochs of a plain CGAN, and stays small with group-wise clipping (section 4.2, "
        "Figure 3; no numbers printed)."
    ),
    sweep="mnist_methods",
    measure=measure_closeness,
    draw=draw_closeness,
    select={"method": (GAN, REPFAIR, "alternation_only", "clipping_only")},
)
