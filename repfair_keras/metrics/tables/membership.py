"""Can an attacker who has a synthetic table tell who was in the training rows?

The attacker ranks real records by how close the closest synthetic row is. The training rows are the members that are
to be found among rows that the generator never saw.
"""

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.downstream import LEVEL, auroc_of_ranks
from repfair_keras.metrics.tables.columns import check_tables
from repfair_keras.metrics.tables.distances import closest, encoded

MAX_ROWS = 8_000  # members, as many others, and twice as many synthetic and reference rows
LEAST_OF_GROUP = 50  # members and others of a group that is attacked alone
LEAST_REFERENCE = 500  # rows for the density ratio
FALSE_POSITIVE_RATES = {"tpr_at_1": 0.01, "tpr_at_10": 0.10}
N_BOOTSTRAP = 200
NO_DISTANCE = 1e-6  # what is added to a distance, so that there are ratios of 0


def membership_inference(
    members, non_members, synthetic, kinds, groups=None, reference=None, seed=0, max_rows=MAX_ROWS
):
    """Attacks by distance to the closest synthetic row: how well members are told from others.

    Two attacks: `distance`, a record is a member if a synthetic row is close to it; and `density_ratio`, if one is
    closer than real rows are, which nobody trained on. The second does not take records of dense places for members.
    Distances are as in `copying`.

    Args:
        members: DataFrame, rows that the generator was trained on.
        non_members: DataFrame, rows of the same origin that it never saw.
        synthetic: DataFrame.
        kinds: dict of column to `"numeric"`, `"categorical"` or `"date"`.
        groups: two arrays of labels, of members and of non-members, see `group_labels`; `None`: no groups.
        reference: DataFrame, further real rows that nobody trained on, none of them among the non-members; fewer than
            500, or `None`: there is no `density_ratio`.
        seed: seed of the choice of rows and of the bootstrap.
        max_rows: at most so many members and non-members each are attacked, drawn at random, with at most twice as
            many synthetic and reference rows.

    Returns:
        dict: `n_members`, `n_non_members`, `n_synthetic`, `n_reference`: rows used; `distance`, and `density_ratio`
        or `None`: dicts of `auroc` (0.5: nothing can be told), `tpr_at_1` and `tpr_at_10`: share of the members that
        are found if 1 % or 10 % of non-members are taken for members (nothing can be told: 0.01, 0.1), between two
        thresholds in proportion; each `[value, low, high]` with a 95 % bootstrap interval over records, for this
        synthetic table; `None` for `tpr_at_1` of fewer than 100 non-members. `groups`: dict of group to
        `n_members`, `n_non_members`, `note`, `distance`, `density_ratio`; the latter are `None` below 50 of either,
        and `note` says so; else it is `None`.

    Raises:
        InputError: if a table lacks a column or rows, if a column is not of its kind, or if groups do not fit.

    Reference: Chen et al. 2020, https://arxiv.org/abs/1909.03935 (distance); van Breugel et al. 2023,
    https://arxiv.org/abs/2302.12580 (density ratio); Carlini et al. 2022, https://arxiv.org/abs/2112.03570 (rates).

    Examples:
        >>> import numpy as np, pandas as pd
        >>> rng = np.random.default_rng(0)
        >>> rows = pd.DataFrame(rng.normal(size=(900, 3)), columns=list("abc"))
        >>> kinds = dict.fromkeys("abc", "numeric")
        >>> honest = membership_inference(rows[:300], rows[300:600], rows[600:], kinds)
        >>> honest["distance"]["auroc"][1] < 0.5 < honest["distance"]["auroc"][2]
        True
        >>> copied = membership_inference(rows[:300], rows[300:600], rows[:300], kinds)
        >>> copied["distance"]["tpr_at_1"], copied["density_ratio"] is None
        ([1.0, 1.0, 1.0], True)
    """
    check_tables(kinds, members=members, non_members=non_members, synthetic=synthetic)
    labels = [np.full(len(table), "") for table in (members, non_members)]
    if groups is not None:
        labels = [np.array([str(label) for label in part]) for part in groups]
        if [len(part) for part in labels] != [len(members), len(non_members)]:
            raise InputError(
                f"groups have {', '.join(str(len(part)) for part in labels)} rows: expected a label for each of "
                f"{len(members)} members and {len(non_members)} others."
            )
    if reference is not None and len(reference) < LEAST_REFERENCE:
        reference = None
    if reference is not None:
        check_tables(kinds, reference=reference)
    rng = np.random.default_rng(seed)
    chosen = [_drawn(len(table), max_rows, rng) for table in (members, non_members)]
    tables = [table.iloc[rows] for table, rows in zip((members, non_members), chosen, strict=True)]
    tables += [
        table.iloc[_drawn(len(table), 2 * max_rows, rng)]
        for table in (synthetic, reference)
        if table is not None
    ]
    inside, outside, made, *real = encoded(kinds, (0, 1), *tables)
    distances = [closest(rows, made)[0] for rows in (inside, outside)]
    scores = {"distance": [-distance for distance in distances], "density_ratio": None}
    if real:
        usual = [closest(rows, real[0])[0] for rows in (inside, outside)]
        scores["density_ratio"] = [
            np.log(far + NO_DISTANCE) - np.log(near + NO_DISTANCE)
            for far, near in zip(usual, distances, strict=True)
        ]
    labels = [side[rows] for side, rows in zip(labels, chosen, strict=True)]
    names = sorted({str(label) for label in (*labels[0], *labels[1])}) if groups is not None else []
    return {
        "n_members": len(tables[0]),
        "n_non_members": len(tables[1]),
        "n_synthetic": len(tables[2]),
        "n_reference": len(tables[3]) if real else 0,
        **{name: None if sides is None else attack(*sides, seed) for name, sides in scores.items()},
        "groups": {name: _of_group(scores, [side == name for side in labels], seed) for name in names},
    }


def attack(members, non_members, seed=0, n_bootstrap=N_BOOTSTRAP):
    """How well scores tell members from others.

    Args:
        members, non_members: float, shapes `(N,)` and `(M,)`: scores, the larger the likelier a member.
        seed, n_bootstrap: of the bootstrap over both.

    Returns:
        dict: `auroc`, `tpr_at_1`, `tpr_at_10`, as of `membership_inference`.

    Examples:
        >>> attack(np.arange(200), np.arange(100, 300))["auroc"][0]
        0.125
    """
    _, ranks = np.unique(np.concatenate([members, non_members]), return_inverse=True)
    inside, outside = ranks[: len(members)], ranks[len(members) :]
    rng = np.random.default_rng(seed)
    found, *resampled = (
        _measured(*sides)
        for sides in [
            (inside, outside),
            *(
                (rng.choice(inside, len(inside)), rng.choice(outside, len(outside)))
                for _ in range(n_bootstrap)
            ),
        ]
    )
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    return {
        name: None
        if value is None
        else [float(value), *map(float, np.quantile([each[name] for each in resampled], ends))]
        for name, value in found.items()
    }


def _of_group(scores, masks, seed):
    n = [int(mask.sum()) for mask in masks]
    few = min(n) < LEAST_OF_GROUP
    note = (
        f"{n[0]} members and {n[1]} others: too few, expected {LEAST_OF_GROUP} of each at least."
        if few
        else None
    )
    return {
        "n_members": n[0],
        "n_non_members": n[1],
        "note": note,
        **{
            name: None
            if few or sides is None
            else attack(*(side[mask] for side, mask in zip(sides, masks, strict=True)), seed)
            for name, sides in scores.items()
        },
    }


def _measured(inside, outside):
    """Metrics of ranks of members and of others."""
    is_member = np.concatenate([np.ones(len(inside), bool), np.zeros(len(outside), bool)])
    ranks = np.concatenate([inside, outside])
    size = ranks.max() + 1
    positive, negative = (
        np.append(0, np.cumsum(np.bincount(side, minlength=size)[::-1])) / len(side)
        for side in (inside, outside)
    )
    rates = {
        name: _at(rate, negative, positive) if rate * len(outside) >= 1 else None
        for name, rate in FALSE_POSITIVE_RATES.items()
    }
    return {"auroc": auroc_of_ranks(is_member, ranks), **rates}


def _at(rate, false_positive, true_positive):
    """True positive rate at a false positive rate below 1, between two thresholds in proportion."""
    last = int(np.searchsorted(false_positive, rate, side="right")) - 1
    step = false_positive[last + 1] - false_positive[last]
    part = (rate - false_positive[last]) / step
    return true_positive[last] + part * (true_positive[last + 1] - true_positive[last])


def _drawn(n, most, rng):
    return np.sort(rng.permutation(n)[:most])
