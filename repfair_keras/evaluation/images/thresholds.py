"""From which probability on an image is counted for a group, so that few real images are left undecided."""

import numpy as np
from scipy import stats

SURE = 0.9  # how sure it is that no more real images are undecided than stated
FEWEST = 19  # held-out images of a group without which nothing can be said about one in twenty


def thresholds(chances, groups, share, confidence):
    """The probability below which an image is undecided, for each group that it can lean to.

    Thresholds are the same quantile of the probabilities of the held-out images that lean to each group: the
    highest quantile at which no true group has more than `share` of its images undecided.

    Args:
        chances: probabilities of held-out real images, shape `(N, k)`.
        groups: integers, shape `(N,)`, their groups.
        share: share of each group's real images that may be undecided, in [0, 1].
        confidence: no threshold is higher, in [0, 1].

    Returns:
        float64, shape `(k,)`, in [0, confidence]. With probability 0.9 each group has at most `share` of its
        real images undecided. Where a group has too few held-out images to say so, at most none of these.
    """
    chances, groups = np.asarray(chances), np.asarray(groups)
    k, leaning, chance = chances.shape[1], chances.argmax(axis=1), chances.max(axis=1)
    ranked = [np.sort(chance[leaning == group]) for group in range(k)]
    rank = np.zeros(len(chance))
    for group in range(k):
        mine = leaning == group
        rank[mine] = np.searchsorted(ranked[group], chance[mine]) / max(len(ranked[group]), 1)
    level = min(_level(np.sort(rank[groups == group]), share) for group in range(k))
    found = [_at(levels, level) for levels in ranked]
    return np.minimum(found, confidence)


def allowed(n, share):
    """Returns how many of n held-out images may be undecided; -1 if none may, and no threshold is safe."""
    if share >= 1:
        return n
    sure = int(stats.binom.ppf(1 - SURE, n, share)) - 1  # the most for which P(so few) stays below 1 - SURE
    return max(sure, 0) if n >= FEWEST and share > 0 else -1


def _level(ranks, share):
    """The quantile up to which no more images of a group, of these sorted ranks, are undecided."""
    most = allowed(len(ranks), share)
    return 1.0 if most >= len(ranks) else 0.0 if most < 0 else float(ranks[most])


def _at(levels, level):
    """The threshold that leaves the images of lower rank undecided."""
    place = int(np.ceil(level * len(levels) - 1e-9))
    return 0.0 if place == 0 else float(levels[place]) if place < len(levels) else 1.0
