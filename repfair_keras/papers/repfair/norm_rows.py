"""Numbers of figures 1 and 3: gradient norms of each run, and whether the group of the larger one wins."""

import math

from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.metrics.over_training import early_mean, late_mean
from repfair_keras.papers.corrected import corrected
from repfair_keras.papers.run_rows import EARLY, identity, late_shares


def norm_rows(records):
    """Returns a row per run: norms of the first two groups early and late, their ratio, and who prevails.

    Args:
        records: records of runs.

    Returns:
        list of dicts: `identity`, `late_shares`, `late_share` of the second group;
        for `early` (first quarter) and `late` (second half of training) `<part>_norm/<group>`,
        `<part>_norm_ratio`, second over first group, `<part>_ratio_log10`, the size of its logarithm, 0 for
        equal norms, and `<part>_larger_wins`, whether the group of the larger norm has the larger late share.
    """
    return [_row(corrected(record)) for record in records]


def _row(record):
    groups = record["data"]["groups"]
    shares = late_shares(record)
    row = {**identity(record), **shares, "late_share": shares[f"late_share/{groups[1]}"]}
    parts = {"early": lambda column: early_mean(record["log"], column, EARLY)}
    parts["late"] = lambda column: late_mean(record["log"], column)
    for part, mean in parts.items():
        found = [mean(f"d_grad_norm/{name}") for name in groups]
        row |= {f"{part}_norm/{name}": norm for name, norm in zip(groups, found, strict=True)}
        ratio = found[1] / found[0] if found[0] and found[1] else None
        row[f"{part}_norm_ratio"] = ratio
        row[f"{part}_ratio_log10"] = None if ratio is None else abs(math.log10(ratio))
        row[f"{part}_larger_wins"] = _wins(ratio, shares[f"late_share/{groups[0]}"], row["late_share"])
    return row


def _wins(ratio, first, second):
    """Whether the group of the larger norm has the larger share; `None` for a tie or an unknown number."""
    if ratio is None or first is None or second is None or ratio == 1 or first == second:
        return None
    return (ratio > 1) == (second > first)


def agreement(rows, part):
    """Counts in how many runs the group with the larger norm is generated more often.

    Args:
        rows: as `norm_rows` makes them.
        part: `early` or `late`: which norms.

    Returns:
        k, n
    """
    known = [row[f"{part}_larger_wins"] for row in rows if row[f"{part}_larger_wins"] is not None]
    return sum(known), len(known)


def growth_of_ratio(rows):
    """Returns the interval of how much log10 of the ratio grew from early to late, over the seeds."""
    pairs = [(row["early_ratio_log10"], row["late_ratio_log10"]) for row in rows]
    return mean_interval([late - early for early, late in pairs if None not in (early, late)])
