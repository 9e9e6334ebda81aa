"""A second way to count the groups: each image is of the group of the real image that is most like it.

A classifier that is right for every real image may be sure of images that lie between the groups, and of any that lie
elsewhere. Where the real image nearest to them in a space of features is of another group, its count is of nothing.
"""

import numpy as np
from scipy.stats import beta, binomtest

from repfair_keras.evaluation.images import budget
from repfair_keras.evaluation.images.fit_classifier import stratified_split
from repfair_keras.evaluation.images.group_assignment import UNDECIDED
from repfair_keras.metrics.disaggregation import mean_by_group

MOST_REAL = 10_000  # real images among which the nearest is looked for
MOST = 2_000  # generated images, and held-out real ones, whose nearest are looked for
APART = 0.05  # disagreement beyond what real images may have, above which a report warns
FAR_APART = 0.1  # and above which it tells no shares
LEVEL = 0.01  # of the test that it is beyond that


def nearest_real(features, groups, real, data, confusion, seed=0):
    """Compares the groups that a classifier finds with those of the most similar real images.

    Args:
        features: floats, shape `(N, D)`, of the generated images.
        groups: integers, shape `(N,)`, group of each by the classifier, -1 undecided; those are left out.
        real: floats, shape `(M, D)`, features of the real images.
        data: `ImageDataset` of the real images.
        confusion: of the classifier, counts on held-out real images, shape `(k, k)`, rows true.
        seed: of the choice of images.

    Returns:
        dict of `n` (generated images compared), `agreement` (share of them for which both find the same group),
        `proportions` (shares of the groups by the nearest real images), `recalls` (how often the nearest real image of
        a held-out real one of each group is of its group), `expected` (the least agreement on real images: of the
        group for which both may err most, were no error the same; from 99 % lower bounds of both recalls) and
        `p_value` (of that agreement or less on real images; exact binomial). `None` where no image is clear.

    Examples:
        >>> from types import SimpleNamespace
        >>> real = np.repeat([[0.0], [1.0]], 2000, axis=0)
        >>> data = SimpleNamespace(groups=np.repeat([0, 1], 2000), labels=None, n_groups=2, group_names=("a", "b"))
        >>> between = np.full((10, 1), 0.4)  # nearer to the first group
        >>> found = nearest_real(between, np.ones(10, int), real, data, [[500, 0], [0, 500]])
        >>> found["agreement"], round(found["expected"], 2), found["proportions"]
        (0.0, 0.98, [1.0, 0.0])
    """
    from sklearn.neighbors import NearestNeighbors

    rng = np.random.default_rng(seed)
    clear = _some(np.flatnonzero(groups != UNDECIDED), MOST, rng)
    if len(clear) == 0:
        return None
    # The extractor was trained on the first part, so that the second is as new to it as generated images are.
    known, held_out = stratified_split(data.groups, data.labels, budget.TRAIN_SHARE, 0)
    known, each = _some(known, MOST_REAL, rng), MOST // data.n_groups
    of_groups = [held_out[data.groups[held_out] == group] for group in range(data.n_groups)]
    held_out = np.concatenate([_some(rows, each, rng) for rows in of_groups])
    neighbours = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(real[known])

    def groups_of_nearest(rows):
        return data.groups[known[neighbours.kneighbors(rows, return_distance=False)[:, 0]]]

    true = data.groups[held_out]
    right = groups_of_nearest(real[held_out]) == true
    of_nearest = mean_by_group(right, true, data.group_names).by_group  # each group has a held-out image
    found = groups_of_nearest(features[clear])
    same = found == groups[clear]
    sizes = np.bincount(true, minlength=data.n_groups)
    of_classifier = _least_recalls(np.diag(confusion), np.sum(confusion, axis=1))
    of_both = of_classifier + _least_recalls(np.bincount(true, right, data.n_groups), sizes)
    expected = max(0.0, of_both.min() - 1)
    return {
        "n": len(clear),
        "agreement": float(same.mean()),
        "proportions": (np.bincount(found, minlength=data.n_groups) / len(clear)).tolist(),
        "recalls": list(of_nearest),
        "expected": float(expected),
        "p_value": float(binomtest(int(same.sum()), len(clear), expected, alternative="less").pvalue),
    }


def apart(found, group_names, least=APART):
    """Returns why the classifier's count says little; empty where both ways to count agree as they should.

    Args:
        found: what `nearest_real` has made; `None` where nothing was compared.
        group_names: one name per group.
        least: disagreement beyond what real images may have.
    """
    if found is None or found["p_value"] >= LEVEL or found["expected"] - found["agreement"] <= least:
        return ""
    shares = ", ".join(
        f"{name} {100 * share:.1f} %" for name, share in zip(group_names, found["proportions"], strict=True)
    )
    return (
        f"for {100 * (1 - found['agreement']):.1f} % of the images the classifier finds another group than that of the "
        f"real image most like it, where at most {100 * (1 - found['expected']):.1f} % of real images would have one: "
        f"they lie between the groups, or like neither. Counted by the real images most like them: {shares}."
    )


def _some(rows, most, rng):
    return np.sort(rng.permutation(rows)[:most])


def _least_recalls(right, of):
    """Lower bounds of how often each group is found, exact (Clopper-Pearson)."""
    bounds = beta.ppf(LEVEL, np.asarray(right), np.asarray(of) - right + 1)
    return np.where(np.asarray(right) > 0, bounds, 0.0)
