"""Whether images show the group that a generator was asked for."""

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images.group_assignment import UNDECIDED
from repfair_keras.evaluation.images.representation import LEVEL
from repfair_keras.metrics.representation import bootstrap_interval, corrected_proportions, share_intervals

CELL = ("purity", "decided", "undecided", "right_label")


def asked_groups(asked, assigned, leaning, k, confusion, right_label=None, labels=None, n_classes=0, seed=0):
    """Compares the group that each image was made for with the one that the classifier sees.

    The purity of a group is the share of the images made for it that show it, of those whose group is clear.

    Args:
        asked: integers, shape `(N,)`, group that each image was made for.
        assigned: integers, shape `(N,)`, group that the classifier sees, -1 undecided.
        leaning: integers, shape `(N,)`, the likeliest group, also where it is not clear.
        k: number of groups.
        confusion: counts on held-out real images, shape `(k, k)`: rows true, columns predicted; `None` if the
            classifier cannot tell the groups.
        right_label: bool, shape `(N,)`, whether an image shows the label asked for; `None` without classes.
        labels: integers, shape `(N,)`, label each image was made for; `None` without classes.
        n_classes: number of classes.
        seed: seed of the bootstrap.

    Returns:
        dict of lists with an entry per group: `n` images asked for, `seen` (counts per group, the undecided
        last), `undecided` (share), `purity`, `intervals` (95 %, of the sample's noise), `corrected` purity,
        of all images, and `corrected_intervals` (99 %, as of shares); and tables groups x classes, empty
        without classes: `purity_by_class`, `decided_by_class` (images), `undecided_by_class` (share),
        `right_label_by_class`. `None` stands where nothing is decided or asked for.

    Reference: On the Fairness of GANs, section V-A, whose open question is whether bias moves to subgroups.
    """
    groups = [
        _purity(assigned[asked == group], leaning[asked == group], group, k, confusion, seed)
        for group in range(k)
    ]
    report = {name: [group[name] for group in groups] for name in groups[0]}
    masks = [[(asked == group) & (labels == c) for c in range(n_classes)] for group in range(k)]
    cells = [
        [_cell(assigned[mask], group, right_label[mask]) for mask in row] for group, row in enumerate(masks)
    ]
    tables = {f"{name}_by_class": [[cell[name] for cell in row] for row in cells] for name in CELL}
    return {**report, **tables}


def purity_of_counts(counts, group, confusion, seed=0):
    """Corrected purity of images made for one group.

    Args:
        counts: images of each likeliest group among them, shape `(k,)`.
        group: the group asked for.
        confusion: as in `asked_groups`.
        seed: seed of the bootstrap.

    Returns:
        `(share, [lower, upper])`; `(None, None)` if there are none or the classifier cannot tell groups.
    """
    if counts.sum() == 0 or confusion is None:
        return None, None
    try:
        share = corrected_proportions(counts, confusion)[group]
        return float(share), bootstrap_interval(counts, confusion, LEVEL, seed)[group].tolist()
    except InputError:  # a classifier that cannot tell the groups; the report says so elsewhere
        return None, None


def _purity(assigned, leaning, group, k, confusion, seed):
    counts = np.bincount(assigned[assigned != UNDECIDED], minlength=k)
    n, decided = len(assigned), int(counts.sum())
    corrected, ends = purity_of_counts(np.bincount(leaning, minlength=k), group, confusion, seed)
    return {
        "n": n,
        "seen": [*counts.tolist(), n - decided],
        "undecided": (n - decided) / n if n else None,
        "purity": counts[group] / decided if decided else None,
        "intervals": share_intervals(counts)[group].tolist() if decided else None,
        "corrected": corrected,
        "corrected_intervals": ends,
    }


def _cell(assigned, group, right_label):
    """The same of the images of one class that were made for one group."""
    seen = assigned[assigned != UNDECIDED]
    values = _mean(seen == group), len(seen), _mean(assigned == UNDECIDED), _mean(right_label)
    return dict(zip(CELL, values, strict=True))


def _mean(values):
    return float(np.mean(values)) if len(values) else None
