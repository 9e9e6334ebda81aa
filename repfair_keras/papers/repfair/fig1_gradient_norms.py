"""Figure 1 of RepFair-GAN: the group with the larger gradient norm is generated more often.

Runs: plain GANs of the sweep `shaded_shares`, half of the photographs shaded. Measured: the discriminator's
gradient norm on each group, early and late, and the late shares, seed by seed.
"""

from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from repfair_keras.figures.labels import label
from repfair_keras.figures.style import GREY, new_figure, plain
from repfair_keras.papers.clouds import clouds_text
from repfair_keras.papers.corrected_shares import SHARES_ARE
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.gap_parts import GAP_RULE, NUMBER_RULE, favour_part, number_part, unequal_part
from repfair_keras.papers.page_text import NO_RUN, paragraphs, stand_in, stand_in_note
from repfair_keras.papers.plots import norm_curves
from repfair_keras.papers.repfair.gradient_norms import PERIODS, agreement, growth_part, norm_rows
from repfair_keras.papers.run_rows import GAN, late_rows
from repfair_keras.papers.seed_text import count_text
from repfair_keras.papers.verdict import (
    INTERVAL_RULE,
    MAJORITY_RULE,
    Part,
    judge,
    majority_part,
    missing_seeds,
)
from repfair_keras.reporting.markdown.text import percent, table

PAPER_GAP = 0.2  # 60 % against 40 %, section 3.3
SHADED_QUADRANTS = {"color": "#E8F1E4", "zorder": 0, "linewidth": 0}


def measure(material: Material) -> Measured:
    """Does the group with the larger gradient norm win?"""
    rows, late = norm_rows(material.records), late_rows(material.records)
    missing = missing_seeds(rows, [GAN], "late_larger_wins") or clouds_text(material.records)
    parts = [] if missing else verdict(rows, late, material.groups[1])
    text = paragraphs([stand_in(material.records, "svhn"), _text(material.groups, rows)])
    return judge(rows, text, parts, [MAJORITY_RULE, INTERVAL_RULE, GAP_RULE, NUMBER_RULE], missing)


def verdict(rows: list[dict], late: list[dict], shaded: str) -> list[Part]:
    """The parts of the claim; `shaded` is the group that the paper finds more often."""
    won = "the group with the larger late gradient norm is generated more often"
    return [
        majority_part(won, *agreement(rows, "late")),
        growth_part(rows),
        unequal_part(late, "the plain GAN"),
        favour_part(late, shaded, "the plain GAN"),
        number_part(late, "the plain GAN", PAPER_GAP),
    ]


def _text(groups, rows):
    if not rows:
        return NO_RUN
    header = ["plain GAN", *(f"norm of {name}, {period}" for period in PERIODS for name in groups)]
    header += [*(f"share of {name}" for name in groups), "larger early norm wins", "larger late norm wins"]
    lines = [_line(row, groups) for row in sorted(rows, key=lambda row: row["seed"])]
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


def _line(row, groups):
    norms = [row[f"{period}_norm/{name}"] for period in PERIODS for name in groups]
    wins = [row[f"{period}_larger_wins"] for period in PERIODS]
    return [
        f"seed {row['seed']}",
        *("-" if norm is None else f"{norm:.3g}" for norm in norms),
        *(percent(row[f"late_share/{name}"]) for name in groups),
        *({True: "yes", False: "no", None: "-"}[won] for won in wins),
    ]


def plot(material: Material) -> Figure | None:
    """Plots norms over training, and whether the larger one wins; `None` without records."""
    records = material.records
    note = stand_in_note(records, "svhn")
    return plot_norms_and_shares(records, norm_rows(records), note) if records else None


def plot_norms_and_shares(records: list[dict], rows: list[dict], note: str = "") -> Figure:
    """Plots the norms of each group over the steps, and beside them whether the larger one's group wins.

    Args:
        records: runs on the same two groups.
        rows: dicts, one per run, with `late_norm_ratio` and `early_norm_ratio` (second group over first) and
            `late_share` of the second group; `None` is left out.
        note: said below the title.

    Raises:
        InputError: if there are no records.

    Reference: Kenfack et al., RepFair-GAN, Figure 1.
    """
    methods = norm_curves.runs_by_method(records)
    figure = new_figure(3.6 * len(methods) + 5, 4.8)
    *panels, beside = figure.subplots(1, len(methods) + 1, width_ratios=[1] * len(methods) + [1.1])
    for axes in panels[1:]:
        axes.sharey(panels[0])
    norm_curves.plot_norms(panels, methods)
    norm_curves.label_steps(panels)
    _plot_winners(beside, rows, records[0]["data"]["groups"][1])
    norm_curves.finish(figure, panels, records, note)
    return figure


def _plot_winners(axes, rows, name):
    """Each seed's share against its ratio of norms; shaded where the group with the larger norm prevails."""
    plain(axes)
    axes.set_ylim(-5, 105)
    ends = _plot_seeds(axes, rows)
    _scale_ratios(axes, ends)
    axes.fill_between([1, ends], 50, 105, **SHADED_QUADRANTS)
    axes.fill_between([1 / ends, 1], -5, 50, **SHADED_QUADRANTS)
    for x, y, ha in ((0.97, 0.77, "right"), (0.03, 0.23, "left")):
        place = {"transform": axes.transAxes, "ha": ha, "va": "center"}
        axes.text(x, y, "larger norm,\nmore images", fontsize=9, color=GREY, **place)
    axes.axhline(50, color=GREY, linewidth=0.8)
    axes.axvline(1, color=GREY, linewidth=0.8)
    axes.set_xlabel(f"gradient norm of {label(name)} over the other's")
    axes.set_ylabel(f"corrected share of {label(name)} among the\nimages of the second half of training (%)")
    axes.set_title("Does the larger norm win? (one seed each)", fontsize=11)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="lower right", fontsize=8)


def _plot_seeds(axes, rows):
    """Plots the seeds' points; returns how far the axis of ratios must reach."""
    looks = {
        "early_norm_ratio": {"mfc": "white", "label": "norms of the first quarter"},
        "late_norm_ratio": {"mfc": "black", "label": "norms of the second half"},
    }
    reach = [2.0]
    for column, look in looks.items():
        known = [row for row in rows if row.get(column) and row.get("late_share") is not None]
        if known:
            ratios = [row[column] for row in known]
            shares = [100 * row["late_share"] for row in known]
            axes.plot(ratios, shares, "o", color="black", markersize=6, zorder=3, clip_on=False, **look)
            reach += [1.5 * max(ratio, 1 / ratio) for ratio in ratios]
    return max(reach)


def _scale_ratios(axes, ends):
    axes.set_xscale("log")
    axes.set_xlim(1 / ends, ends)
    axes.xaxis.set_minor_formatter(NullFormatter())
    ticks = [0.25, 0.5, 1, 2, 4] if ends < 10 else [1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1e3, 1e4]
    ticks = [tick for tick in ticks if 1 / ends <= tick <= ends]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])


FIGURE = PaperFigure(
    title="Figure 1: the group with the larger gradient norm is generated more often",
    claim=(
        "A plain GAN on SVHN, half of it shaded: the discriminator's gradient norms of the two groups are "
        "close at the beginning and drift apart; at test time the group with the larger norm, shaded "
        "images, makes up 60 % against 40 % (section 3.3, Figure 1)."
    ),
    sweep="shaded_shares",
    measure=measure,
    plot=plot,
    select={"method": GAN, "share": 0.5},
)
