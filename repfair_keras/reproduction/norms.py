"""Figures 1 and 3 of RepFair-GAN: gradient norms of the groups, and whether the larger one wins."""

from repfair_keras.evaluation.markdown.text import percent, table
from repfair_keras.figures.paper import norms
from repfair_keras.figures.paper.names import METHOD_NAMES, method_name
from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.reproduction.definition import FAILS, HOLDS, IN_PART, UNTESTED, Measured, Reproduction
from repfair_keras.reproduction.norm_rows import agreement, growth_of_ratio, norm_rows
from repfair_keras.reproduction.runs import (
    NO_RUN,
    binomial_interval,
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

PAPER_GAP = 0.2  # 60 % against 40 %, section 3.3
WIN_RULE = (
    "Rule: it holds if the group with the larger late norm is generated more often in so many seeds that "
    "the exact 95 % interval lies above one half (six of six are the fewest), the mean gap is at least "
    "half of the paper's 20 points, and the ratio of the norms grows (whole 95 % interval); it does not "
    "hold if that group prevails in no more than half of the seeds, or the whole interval of the gap is "
    "below 10 points; else it holds in part."
)
CLOSER_RULE = (
    "Rule: it holds if RepFair's late ratio of norms is below the plain GAN's (whole 95 % interval of the "
    "paired difference) and the plain GAN's grows from the first quarter to the second half (whole "
    "interval); in part if only the first is so, or RepFair's is below in every seed; else it does not "
    "hold."
)


def measure_winner(material):
    """Figure 1: does the group with the larger gradient norm win?"""
    rows = norm_rows(material.records)
    plain = of_method(rows, "gan")
    lacking = missing_seeds(rows, ["gan"], "late_larger_wins")
    gap = mean_interval([row["late_gap"] for row in plain], low=0, high=1)
    text = "\n\n".join(
        filter(None, [stand_in(material.records, "svhn"), _winner_text(material.records, plain)])
    )
    if lacking:
        return Measured(rows, text, UNTESTED, lacking)
    k, n, counted = agreement(plain, "late")
    growth = growth_of_ratio(plain)
    why = (
        f"The group with the larger late norm was generated more often in {counted}; the gap between the "
        f"groups was {interval_text(gap, ' points', 100)}; log10 of the larger over the smaller norm changed "
        f"by {interval_text(growth)} from the first quarter to the second half of training. {WIN_RULE}"
    )
    return Measured(rows, text, _winner_verdict(k, n, gap, growth), why)


def _winner_verdict(k, n, gap, growth):
    if k <= n / 2 or gap.high < PAPER_GAP / 2:
        return FAILS
    drifts = growth.low is not None and growth.low > 0
    return HOLDS if binomial_interval(k, n)[0] > 0.5 and gap.mean >= PAPER_GAP / 2 and drifts else IN_PART


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
        "early is the mean over the first quarter of training, late over the second half. Shares are of "
        "the images generated in the second half whose group is clear.\n\n"
        "The group with the larger norm was generated more often in: early norms "
        f"{agreement(rows, 'early')[2]}, late norms {agreement(rows, 'late')[2]}. A late norm may as well "
        "follow from the shares as cause them: real images of a group that the generator does not make are "
        "easily told from generated ones, and then their gradient is small. Early norms speak of a cause "
        "only where the shares were still even."
    )


def measure_closeness(material):
    """Figure 3: does Algorithm 1 keep the groups' norms together, and which part of it?"""
    rows = norm_rows(material.records)
    lacking = missing_pairs(rows, "late_ratio_log10", "gan", "repfair")
    text = "\n\n".join(filter(None, [stand_in(material.records, "mnist"), _closeness_text(rows)]))
    paired = difference(rows, "late_ratio_log10", "gan", "repfair")
    if lacking:
        return Measured(rows, text, UNTESTED, lacking)
    growth = growth_of_ratio(of_method(rows, "gan"))
    why = (
        "RepFair minus plain GAN in log10 of the larger over the smaller late norm: "
        f"{interval_text(paired)}; growth of the plain GAN's from early to late: {interval_text(growth)}. "
        f"{CLOSER_RULE}"
    )
    return Measured(rows, text, _closeness_verdict(rows, paired, growth), why)


def _closeness_verdict(rows, paired, growth):
    if paired.high < 0:
        return HOLDS if growth.low is not None and growth.low > 0 else IN_PART
    smaller, n = count_smaller(rows, "late_ratio_log10", "gan", "repfair")
    return IN_PART if smaller == n else FAILS


def _closeness_text(rows):
    if not rows:
        return NO_RUN
    methods = [method for method in METHOD_NAMES if of_method(rows, method)]
    lines = []
    for method in methods:
        mine = of_method(rows, method)
        paired = (
            "-" if method == "gan" else interval_text(difference(rows, "late_ratio_log10", "gan", method))
        )
        columns = ("early_ratio_log10", "late_ratio_log10")
        lines.append([method_name(method), *(mean_text(mine, column) for column in columns)])
        lines[-1] += [each_text(mine, "late_ratio_log10"), paired, agreement(mine, "late")[2]]
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


FIGURE_1 = Reproduction(
    title="Figure 1: the group with the larger gradient norm is generated more often",
    claim=(
        "A plain GAN on SVHN, half of it shaded: the discriminator's gradient norms of the two groups are "
        "close at the beginning and drift apart; at test time the group with the larger norm, shaded "
        "images, makes up 60 % against 40 % (section 3.3, Figure 1)."
    ),
    sweep="shaded_shares",
    measure=measure_winner,
    draw=draw_winner,
    select={"method": "gan", "share": 0.5},
)

FIGURE_3 = Reproduction(
    title="Figure 3: Algorithm 1 keeps the gradient norms of the groups together",
    claim=(
        "On MNIST with half of the digits inverted, the difference between the groups' gradient norms "
        "widens over the epochs of a plain CGAN, and stays small with group-wise clipping (section 4.2, "
        "Figure 3; no numbers printed)."
    ),
    sweep="mnist_methods",
    measure=measure_closeness,
    draw=draw_closeness,
    select={"method": ("gan", "repfair", "alternation_only", "clipping_only")},
)
