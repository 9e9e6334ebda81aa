"""FLDGM, figure 5: latents of real and of synthetic rows, by PCA and t-SNE.

Runs: those of the sweep `fld_adult` with the paper's penalty. Measured: how far mean and standard deviation
of synthetic latents are off. The pictures were kept beside the records.
"""

from matplotlib.figure import Figure

from repfair_keras.figures.names import method_name
from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.fldgm.fair_rows import FAIR, fair_rows, first_pictures
from repfair_keras.papers.page_text import NO_RUN
from repfair_keras.papers.plots import sample_pictures
from repfair_keras.papers.run_rows import identity, of_method
from repfair_keras.papers.seed_text import interval_text, mean_text
from repfair_keras.papers.verdict import INTERVAL_RULE, Part, below, judge, missing_seeds
from repfair_keras.reporting.markdown.text import table

NEAR = 0.15  # real standard deviations by which means and deviations of latents may differ
CLASSIFIED = {  # what of real latents classifiers tell: of the group, and of the target
    "leak": "AUROC of the group from codes",
    "demographic_parity/blind": "DP of classifiers of real codes",
    "demographic_parity/codes": "DP, told the group too",
}
ALIKE_RULE = (
    "Codes are alike if, in the dimension where they are furthest apart, mean and standard deviation are off "
    f"by less than {NEAR:g} real standard deviations. Pictures decide nothing."
)
EXPLAINED = (
    "Off by: in real standard deviations, in the dimension where it is most. The picture has the codes of "
    "1,000 held-out rows and 1,000 synthetic ones. "
    "The classifiers are logistic regressions that learn the target from real codes. "
    "Mean over seeds (95 % t interval)."
)


def latent_rows(records: list[dict]) -> list[dict]:
    """Returns a row per run: `identity`, `CLASSIFIED`, and how far latents are off where they are furthest.

    `spread`: of the dimension's standard deviation over the real one, how far it is from 1; `place`: of its
    mean, how far it is from the real one, in real standard deviations.
    """
    return [
        {
            **identity(record),
            **{column: row.get(column) for column in CLASSIFIED},
            "spread": max(abs(ratio - 1) for ratio in record["report"]["codes"]["deviation_ratio"]),
            "place": max(map(abs, record["report"]["codes"]["mean_shift"])),
        }
        for record, row in zip(records, fair_rows(records), strict=True)
    ]


def measure(material: Material) -> Measured:
    """Are synthetic latents where real ones are, and spread as they are?"""
    rows = latent_rows(material.records)
    missing = missing_seeds(rows, FAIR, "spread") if rows else NO_RUN
    parts = [] if missing else verdict(rows)
    return judge(rows, _text(rows), parts, [INTERVAL_RULE, ALIKE_RULE], missing)


def verdict(rows: list[dict]) -> list[Part]:
    """The parts of the claim, those of each method."""
    return [part for method in FAIR for part in _parts(rows, method)]


def _parts(rows, method):
    texts = {"spread": "the standard deviation that is furthest off is off by", "place": "the mean by"}
    for column, text in texts.items():
        off = mean_interval([row[column] for row in of_method(rows, method)], low=0)
        text = f"{method_name(method)}: {text} {interval_text(off)} of the real standard deviation, "
        yield Part(f"{text}claimed: below {NEAR:g}", below(off, NEAR), key=True)


def _text(rows):
    if not rows:
        return NO_RUN
    lines = [
        [
            method_name(method),
            *(mean_text(runs, column, low=0) for column in ("spread", "place", *CLASSIFIED)),
        ]
        for method in FAIR
        if (runs := of_method(rows, method))
    ]
    header = ["method", "spread off by", "mean off by", *CLASSIFIED.values()]
    return f"{table(header, lines)}\n\n{EXPLAINED}"


def plot(material: Material) -> Figure | None:
    """Plots the pictures of each method's first seed, as they were kept beside the records."""
    return sample_pictures.plot_one_below_the_other(first_pictures(material.records, FAIR))


FIGURE = PaperFigure(
    title="FLDGM, figure 5: codes of real and synthetic rows",
    claim=(
        "Figure 5 shows the codes of the original and of the synthetic data of FLD-WGAN-GP, by PCA and by "
        "t-SNE: the synthetic ones lie where the real ones do. The poster has no numbers; we hold the claim "
        "against place and spread of the codes, for all three generators."
    ),
    sweep="fld_adult",
    measure=measure,
    plot=plot,
    select={"alpha": 7.0, "statistic": "v", "target_from": "code"},
)
