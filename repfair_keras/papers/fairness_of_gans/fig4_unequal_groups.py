"""Figure 4 of On the Fairness of GANs: samples of trainings on unequal groups.

Runs: the sweep `stacked_mnist` with 30 and 70 % white digits. Measured: shares and brightness of the samples
at the end of each training.
"""

from functools import partial

from repfair_keras.papers.fairness_of_gans import stacked_samples
from repfair_keras.papers.fairness_of_gans.stacked_samples import NAME, STACKED
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.gap_parts import favour_part
from repfair_keras.papers.run_rows import of_share
from repfair_keras.papers.verdict import Part, majority_part

ALL = 0.01  # of the images: a group below it counts as not made at all
SHARES = (0.3, 0.7)
ALL_RULE = f"All samples come from one group if the other has less than {100 * ALL:g} % of them."


def measure(material: Material) -> Measured:
    """Do all samples come from the group that has more images?"""
    rows = stacked_samples.sample_rows(material.records)
    lacking = (stacked_samples.missing_runs(of_share(rows, share), f"{100 * share:g} %") for share in SHARES)
    missing = " ".join(filter(None, lacking))
    parts = [] if missing else verdict(rows, material.groups)
    return stacked_samples.judged(material, rows, parts, "mnist", [ALL_RULE], missing)


def verdict(rows: list[dict], groups: list[str]) -> list[Part]:
    """The parts of the claim: over trainings of both kinds, then of each kind."""
    alone = [one for share in SHARES for one in _alone(of_share(rows, share), groups[share < 0.5])]
    what = "all samples come from the over-represented group, trainings of both kinds,"
    both_kinds = majority_part(what, sum(alone), len(alone), of="trainings")
    return [both_kinds, *(part for share in SHARES for part in _parts_at(rows, share, groups))]


def _parts_at(rows, share, groups):
    rows, more, fewer = of_share(rows, share), groups[share > 0.5], groups[share < 0.5]
    alone = _alone(rows, fewer)
    data = f"with {100 * share:g} % {groups[1]} "
    favoured = favour_part(rows, more, NAME, "end")
    lost = majority_part(f"{data}all samples are {more}", sum(alone), len(alone), key=False)
    return [favoured._replace(text=data + favoured.text), lost]


def _alone(rows, fewer):
    """For each measured run, whether the rarer group has as good as no sample."""
    return [row[f"end_share/{fewer}"] < ALL for row in rows if row["end_share"] is not None]


FIGURE = PaperFigure(
    title="On the Fairness of GANs, figure 4: samples of trainings on unequal groups",
    claim=(
        "Trained on 70 % white and 30 % black digits, or the opposite, in most cases all of a thousand "
        "samples of a stacked GAN come from the over-represented group (section III-B, Figure 4; no numbers "
        "printed)."
    ),
    sweep="stacked_mnist",
    measure=measure,
    plot=partial(stacked_samples.plot, dataset="mnist", threshold=0.5),
    select={"method": STACKED, "share": SHARES},
)
