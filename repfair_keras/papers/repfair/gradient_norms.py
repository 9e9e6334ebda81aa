"""Gradient norms of each run, early and late, and whether the larger one's group wins: figures 1 and 3."""

import math

from repfair_keras.metrics.intervals import Interval, mean_interval
from repfair_keras.metrics.over_training import early_mean, late_mean
from repfair_keras.papers.corrected_shares import corrected
from repfair_keras.papers.run_rows import EARLY, identity, late_shares
from repfair_keras.papers.seed_text import interval_text
from repfair_keras.papers.verdict import Part, above

PERIODS = ("early", "late")


def norm_rows(records: list[dict]) -> list[dict]:
    """Returns a row per run: norms of the first two groups early and late, their ratio, and who prevails.

    Args:
        records: records of runs.

    Returns:
        list of dicts: `identity`, `late_shares`, `late_share` of the second group;
        for `early` (first quarter) and `late` (second half of training) `<period>_norm/<group>`,
        `<period>_norm_ratio`, second over first group, `<period>_ratio_log10`, the size of its logarithm, 0
        for equal norms, and `<period>_larger_wins`, whether the group of the larger norm has the larger late
        share.
    """
    return [_row(corrected(record)) for record in records]


def _row(record):
    groups = record["data"]["groups"]
    shares = late_shares(record)
    pair = [shares[f"late_share/{name}"] for name in groups[:2]]
    row = {**identity(record), **shares, "late_share": pair[1]}
    for period in PERIODS:
        norms = [_mean(record["log"], f"d_grad_norm/{name}", period) for name in groups]
        row |= {f"{period}_norm/{name}": norm for name, norm in zip(groups, norms, strict=True)}
        ratio = norms[1] / norms[0] if norms[0] and norms[1] else None
        row[f"{period}_norm_ratio"] = ratio
        row[f"{period}_ratio_log10"] = None if ratio is None else abs(math.log10(ratio))
        row[f"{period}_larger_wins"] = _larger_wins(ratio, *pair)
    return row


def _mean(log, column, period):
    return early_mean(log, column, EARLY) if period == "early" else late_mean(log, column)


def _larger_wins(ratio, first, second):
    """Whether the group of the larger norm has the larger share; `None` for a tie or an unknown number."""
    if ratio is None or first is None or second is None or ratio == 1 or first == second:
        return None
    return (ratio > 1) == (second > first)


def agreement(rows: list[dict], period: str) -> tuple[int, int]:
    """Counts in how many runs the group with the larger norm is generated more often.

    Args:
        rows: as `norm_rows` makes them.
        period: `early` or `late`: which norms.

    Returns:
        k, n
    """
    known = [row[f"{period}_larger_wins"] for row in rows if row[f"{period}_larger_wins"] is not None]
    return sum(known), len(known)


def growth_of_ratio(rows: list[dict]) -> Interval:
    """Returns the interval of how much log10 of the ratio grew from early to late, over the seeds."""
    pairs = [(row["early_ratio_log10"], row["late_ratio_log10"]) for row in rows]
    return mean_interval([late - early for early, late in pairs if None not in (early, late)])


def growth_part(rows: list[dict]) -> Part:
    """The part of a claim that the norms of the plain GAN's groups drift apart."""
    growth = growth_of_ratio(rows)
    text = (
        f"log10 of the plain GAN's larger over smaller norm grows by {interval_text(growth)} during training"
    )
    return Part(f"{text}, claimed: above 0", above(growth, 0))
