"""Does a synthetic table copy the rows that its generator was trained on, and those of which group?

Synthetic rows are compared with two halves of equal size: rows that the generator was trained on, and rows that it
never saw. Whoever does not copy is as often closer to the one as to the other.
"""

import numpy as np
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.downstream import LEVEL
from repfair_keras.metrics.tables.columns import check_tables, row_codes
from repfair_keras.metrics.tables.distances import closest, encoded

MAX_ROWS = 10_000  # of each half, and of the synthetic table


def copying(training, held_out, synthetic, kinds, groups=None, seed=0, max_rows=MAX_ROWS):
    """How often synthetic rows are closer to training rows than to others, and how often they equal one.

    The halves are drawn at random and of equal size, within every group where there are groups. Distances are
    Gower's: the mean over the columns of the difference of numbers, in interquartile ranges of the real rows and at
    most 1, and of 0 or 1 for categories; a missing value equals a missing one.

    Synthetic rows whose closest record is the same one tell the same thing: which half that record was drawn into. So
    the interval is the exact binomial one, of as many rows as have the variance that drawing the halves gives to the
    share of a table without copies; of all rows, where that would be more. With all rows, .5 would be outside too
    often: in 13 % of tables with five times as many rows as a half.

    Args:
        training: DataFrame, the rows that the generator was trained on.
        held_out: DataFrame, rows of the same origin that it never saw.
        synthetic: DataFrame.
        kinds: dict of column to `"numeric"`, `"categorical"` or `"date"`.
        groups: three arrays of labels, of the rows of the three tables, see `group_labels`; `None`: no groups.
        seed: seed of the choice of rows.
        max_rows: distances are of at most about as many rows of each half and of the synthetic table, drawn at random,
            the same share of each group; copies are counted among all rows.

    Returns:
        dict:
        `n_half`, `n_synthetic`: rows of each half and synthetic ones that were compared.
        `closer_to_training`: `[share, low, high]` of synthetic rows that are closer to a row of the training half than
        to all held-out ones, ties half, with a 95 % interval: 0.5 is as good as it gets, 1 is copying of the half.
        `part_of_training`: the half over the training rows; who copies all of these has `0.5 + part_of_training / 2`.
        `n_effective`: rows that this interval stands on, without ties.
        `ties`: share of rows that are as close to both.
        `distance_to_training`, `distance_to_held_out`: medians of the distances to the two halves.
        `copies`: `[share, low, high]` of all synthetic rows that equal some training row in every column, with the
        exact binomial interval; `copies_held_out`, the same of held-out rows, which are no copies.
        `groups`: dict of group, of synthetic and held-out rows, to `n_half`, `part_of_training`, `n_synthetic`,
        `closer_to_training`, `n_effective`, `ties`, `copies`, `copies_held_out`. A share of no rows is `None`. By
        chance, .5 is outside the interval of about one group in twenty.

    Raises:
        InputError: if a table lacks a column or rows, if a column is not of its kind, if groups do not fit, or if no
            group has rows in both real tables.

    Reference: Platzer and Reutterer 2021, https://doi.org/10.3389/fdata.2021.679939 (share of rows closer to training).

    Examples:
        >>> import numpy as np, pandas as pd
        >>> rng = np.random.default_rng(0)
        >>> rows = pd.DataFrame(rng.normal(size=(600, 3)), columns=list("abc"))
        >>> kinds = dict.fromkeys("abc", "numeric")
        >>> honest = copying(rows[:200], rows[200:400], rows[400:], kinds)
        >>> honest["closer_to_training"][1] < 0.5 < honest["closer_to_training"][2], honest["copies"][0]
        (True, 0.0)
        >>> copied = copying(rows[:200], rows[200:400], rows[:200], kinds)
        >>> copied["closer_to_training"][0], copied["copies"][0]
        (1.0, 1.0)
    """
    check_tables(kinds, training=training, held_out=held_out, synthetic=synthetic)
    labels = _labels(groups, training, held_out, synthetic)
    rng = np.random.default_rng(seed)
    chosen = [*_halves(labels[0], labels[1], max_rows, rng), _some(labels[2], max_rows, rng)]
    tables = [table.iloc[rows] for table, rows in zip((training, held_out, synthetic), chosen, strict=True)]
    *halves, rows = encoded(kinds, (0, 1), *tables)
    distances, records = zip(*(closest(rows, half) for half in halves), strict=True)
    copies = _copies(training, held_out, synthetic, kinds)
    drawn = [side[places] for side, places in zip(labels, chosen, strict=True)]

    def measured(of_all, of_drawn):
        """Of some rows: masks of all three tables, and of the rows drawn of them."""
        made = of_drawn[2]
        return {
            "n_half": int(of_drawn[0].sum()),
            "part_of_training": float(of_drawn[0].sum() / of_all[0].sum()) if of_all[0].any() else None,
            "n_synthetic": int(made.sum()),
            **_closer([side[made] for side in distances], [side[made] for side in records], drawn[:2]),
            "copies": _share(copies[1][of_all[2]]),
            "copies_held_out": _share(copies[0][of_all[1]]),
        }

    found = measured(*([np.ones(len(side), bool) for side in sides] for sides in (labels, drawn)))
    for name, distance in zip(("training", "held_out"), distances, strict=True):
        found[f"distance_to_{name}"] = float(np.median(distance))
    names = sorted({str(label) for label in (*labels[1], *labels[2])}) if groups is not None else []
    return {
        **found,
        "groups": {
            name: measured(*([side == name for side in sides] for sides in (labels, drawn))) for name in names
        },
    }


def effective_interval(successes, n, n_effective):
    """Exact (Clopper-Pearson) interval of a share, as if of fewer rows.

    Args:
        successes, n: rows with something, of so many.
        n_effective: above 0, at most n; it need not be whole.

    Returns:
        list of lower and upper end, of a level of 95 %.

    Examples:
        >>> [round(end, 4) for end in effective_interval(8, 10, 10)]
        [0.4439, 0.9748]
    """
    x = successes / n * n_effective
    tail = (1 - LEVEL) / 2
    low = stats.beta.ppf(tail, x, n_effective - x + 1) if x > 0 else 0.0
    high = stats.beta.ppf(1 - tail, x + 1, n_effective - x) if x < n_effective else 1.0
    return [float(low), float(high)]


def _closer(distances, records, strata):
    """Share of rows that are closer to the training half, with its interval.

    Args:
        distances: for each half, of rows to its closest record, shape `(N,)`.
        records: for each half, the place of that record.
        strata: for each half, the group of each of its records.
    """
    n = len(distances[0])
    if n == 0:
        return {"closer_to_training": None, "n_effective": 0.0, "ties": None}
    won, lost = distances[0] < distances[1], distances[0] > distances[1]
    decided, ties = int(won.sum() + lost.sum()), int(n - won.sum() - lost.sum())
    share = float((won.sum() + ties / 2) / n)
    if decided == 0:
        return {"closer_to_training": [share, share, share], "n_effective": 0.0, "ties": 1.0}
    shared = [
        np.bincount(places[rows], minlength=len(stratum))
        for places, rows, stratum in zip(records, (won, lost), strata, strict=True)
    ]
    n_effective = _effective(np.concatenate(shared), np.concatenate(strata), decided)
    ends = effective_interval(int(won.sum()), decided, n_effective)
    return {
        "closer_to_training": [share, *((decided * end + ties / 2) / n for end in ends)],
        "n_effective": n_effective,
        "ties": ties / n,
    }


def _effective(rows, strata, n):
    """Number of coins whose share of heads varies as the share of rows whose closest record is in the training half.

    Half of the records of each stratum are drawn into that half, without replacement.

    Args:
        rows: of how many of `n` rows each record of both halves is the closest.
        strata: group of each record; each has at least two.
    """
    rows, strata = rows.astype(float), np.unique(strata, return_inverse=True)[1]
    size, of_stratum = np.bincount(strata), np.bincount(strata, rows)
    squares = np.bincount(strata, rows**2)
    variance = float(np.sum((squares - of_stratum**2 / size) * size / (size - 1)))  # times 4
    return float(n) if variance <= n else n**2 / variance


def _copies(training, held_out, synthetic, kinds):
    """Which held-out and which synthetic rows equal some training row: two bool arrays."""
    real, held, made = row_codes(kinds, training, held_out, synthetic)
    return [np.isin(side, real) for side in (held, made)]


def _share(is_copy):
    if len(is_copy) == 0:
        return None
    count, n = int(is_copy.sum()), len(is_copy)
    return [count / n, *effective_interval(count, n, n)]


def _labels(groups, *tables):
    """Group of each row of each table, as text."""
    if groups is None:
        return [np.full(len(table), "") for table in tables]
    labels = [np.array([str(label) for label in part]) for part in groups]
    if [len(part) for part in labels] != [len(table) for table in tables]:
        raise InputError(
            f"groups have {', '.join(str(len(part)) for part in labels)} rows: expected an array of labels for each "
            f"table, of {', '.join(str(len(table)) for table in tables)} rows."
        )
    return labels


def _halves(training, held_out, max_rows, rng):
    """Places of rows of two tables, as many of each group in both."""
    sizes = {
        group: min(int((training == group).sum()), int((held_out == group).sum()))
        for group in sorted(set(training))
    }
    total = sum(sizes.values())
    if total == 0:
        raise InputError(
            "no group has rows in the training and in the held-out table: expected rows of a group in both."
        )
    part = min(1.0, max_rows / total)
    halves = []
    for labels in (training, held_out):
        drawn = [
            rng.permutation(np.flatnonzero(labels == group))[: int(np.ceil(size * part))]
            for group, size in sizes.items()
        ]
        halves.append(np.sort(np.concatenate(drawn)))
    return halves


def _some(labels, max_rows, rng):
    """Places of about `max_rows` rows, the same share of each group."""
    part = min(1.0, max_rows / len(labels))
    drawn = [
        rng.permutation(rows)[: int(np.ceil(len(rows) * part))]
        for rows in (np.flatnonzero(labels == group) for group in sorted(set(labels)))
    ]
    return np.sort(np.concatenate(drawn))
