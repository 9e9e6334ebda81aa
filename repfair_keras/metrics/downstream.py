"""Train on synthetic, test on real: how good classifiers are, and how they treat the groups.

Everything but the AUROC is a function of counts: of how many test rows there are with each group, target and
prediction under every intervention on the group. So a bootstrap over rows is a multinomial one over counts.
"""

from typing import NamedTuple

import numpy as np

from repfair_keras.metrics.association import cramers_v

LEVEL = 0.95
CLASSIFIERS = ("logistic_regression", "random_forest", "gradient_boosting")
PROXY_AGREEMENT = 0.95
NEARLY = 0.1  # of the test cases of a target: a classifier that predicts fewer hardly predicts it


class Rows(NamedTuple):
    """Rows of a table, for classifiers.

    Args:
        features: float, shape `(N, d)`, without group and target.
        groups: int, shape `(N,)`, 0 to k - 1: S.
        targets: bool, shape `(N,)`: Y, whether the row has the positive value.
    """

    features: np.ndarray
    groups: np.ndarray
    targets: np.ndarray

    def in_equal_groups(self, most, k, seed=0):
        """Returns as many of these rows of each group, at random, at most `most` in all; they keep their order."""
        order = np.random.default_rng(seed).permutation(len(self.groups))
        size = min(most // k, np.bincount(self.groups, minlength=k).min())
        rows = np.sort(np.concatenate([order[self.groups[order] == group][:size] for group in range(k)]))
        return Rows(*(part[rows] for part in self))

    def joined(self, other):
        """Returns these rows and others."""
        return Rows(*(np.concatenate(pair) for pair in zip(self, other, strict=True)))


def make_classifier(name, seed):
    """Returns an untrained scikit-learn classifier."""
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    if name == "logistic_regression":
        return LogisticRegression(max_iter=1000)
    if name == "gradient_boosting":
        return HistGradientBoostingClassifier(random_state=seed)
    return RandomForestClassifier(min_samples_leaf=5, random_state=seed)


def downstream(train, test, k, classifier="logistic_regression", seed=0, n_bootstrap=1000, blind=False):
    """Trains a classifier on one table and measures it on another, with intervals over the test rows.

    The classifier sees the features and the group, or the features alone.

    Args:
        train: `Rows`, synthetic or real.
        test: `Rows`, real ones that were not trained on.
        k: number of groups.
        classifier: one of `CLASSIFIERS`.
        seed: seed of the classifier and of the bootstrap.
        n_bootstrap: resamples of the test rows.
        blind: whether it does not see the group; FTU is 0 then.

    Returns:
        dict of metric to `[value, low, high]`: those of `from_counts`, and `auroc`. `None` where a metric
        does not exist, for want of rows or of a second target.
    """
    if len(np.unique(train.targets)) < 2:
        under = np.full((k, len(test.groups)), bool(train.targets.any()))
        nothing = np.zeros(len(test.targets))
        return {**intervals(test, under, k, seed, n_bootstrap), "auroc": auroc(test.targets, nothing, seed)}

    def seen(features, groups):
        return features if blind else _with(features, groups, k)

    model = make_classifier(classifier, seed).fit(seen(train.features, train.groups), train.targets)
    under = np.stack([model.predict(seen(test.features, np.full(len(test.groups), g))) for g in range(k)])
    scores = model.predict_proba(seen(test.features, test.groups))[:, 1]
    return {**intervals(test, under, k, seed, n_bootstrap), "auroc": auroc(test.targets, scores, seed)}


def intervals(test, under, k, seed=0, n_bootstrap=1000):
    """Metrics of predictions, with percentile intervals of a bootstrap over rows.

    Args:
        test: `Rows`.
        under: bool, shape `(k, N)`: what is predicted for each row if its group is set to each of k.
        k: number of groups.
        seed, n_bootstrap: of the bootstrap.
    """
    counts = cells(test.groups, test.targets, under, k)
    total = counts.sum()
    rng = np.random.default_rng(seed)
    again = rng.multinomial(total, counts.ravel() / total, n_bootstrap).reshape(-1, *counts.shape)
    found, resampled = from_counts(counts), from_counts(again)
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    return {name: _interval(found[name], quantiles(resampled[name], ends)) for name in found}


def cells(groups, targets, under, k):
    """Counts rows by group, target and predictions.

    Args:
        groups: int, shape `(N,)`.
        targets: bool, shape `(N,)`.
        under: bool, shape `(k, N)`.
        k: number of groups.

    Returns:
        int, shape `(k, 2, 2^k)`: the last index has bit g where g as the group gives the positive prediction.
    """
    answers = np.sum([np.asarray(each).astype(int) << g for g, each in enumerate(under)], axis=0)
    index = (np.asarray(groups) * 2 + np.asarray(targets).astype(int)) * 2**k + answers
    return np.bincount(index, minlength=k * 2 * 2**k).reshape(k, 2, 2**k)


def from_counts(counts):
    """Computes all metrics of a classifier but its AUROC.

    Args:
        counts: shape `(..., k, 2, 2^k)`, see `cells`.

    Returns:
        dict of arrays of shape `(...)`, NaN where a group has no rows to tell:
        `accuracy`, 0 to 1.
        `demographic_parity`: largest minus smallest P(y_hat = 1 | S = s); 0 is equal, 1 the worst.
        `disparate_impact`: the smallest of these over the largest; 1 is equal, 0 the worst.
        `equal_opportunity`: the same difference of P(y_hat = 1 | S = s, Y = 1).
        `equalised_odds`: the larger of that and the same difference for Y = 0.
        `equalised_odds_ratio`: the smaller of the ratios, smallest over largest, of the groups' true and of their
        false positive rates; 1 is equal, 0 the worst; see `odds_ratio`.
        `positive_rate`: share of positive predictions, 0 to 1.
        `ftu`: fairness through unawareness, largest minus smallest mean prediction when the group of all
        rows is set to s; 0 for a classifier that ignores it.
    """
    counts = np.asarray(counts, float)
    k = counts.shape[-3]
    positive = np.arange(2**k)[None] >> np.arange(k)[:, None] & 1  # (group set, answers)
    own = np.einsum("...sya,sa->...sy", counts, positive)  # predicted positive as what they are
    rows = counts.sum(axis=-1)
    total = rows.sum(axis=(-1, -2))
    with np.errstate(invalid="ignore", divide="ignore"):
        by_target = own / rows
        by_group = own.sum(axis=-1) / rows.sum(axis=-1)
        right = own[..., 1].sum(axis=-1) + (rows - own)[..., 0].sum(axis=-1)
        set_to = np.einsum("...sya,ga->...g", counts, positive) / total[..., None]
        odds = _difference(by_target, axis=-2)
        return {
            "accuracy": right / total,
            "demographic_parity": _difference(by_group),
            "disparate_impact": by_group.min(axis=-1) / by_group.max(axis=-1),
            "equal_opportunity": odds[..., 1],
            "equalised_odds": odds.max(axis=-1),
            "equalised_odds_ratio": odds_ratio(by_target),
            "positive_rate": own.sum(axis=(-1, -2)) / total,
            "ftu": _difference(set_to),
        }


def odds_ratio(rates):
    """The smaller of two ratios, smallest over largest group: of true and of false positive rates.

    A rate that is 0 in every group has no ratio, and the other one decides: a classifier that is always right has 1.

    Args:
        rates: P(positive | group, target), shape `(..., k, 2)`, NaN where a group has no row of a target.

    Returns:
        Shape `(...)`; NaN where a rate is, or where no rate is above 0.

    Examples:
        >>> float(odds_ratio(np.array([[0.0, 0.5], [0.0, 1.0]])))
        0.5
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = rates.min(axis=-2) / rates.max(axis=-2)
    known = ~np.isnan(rates).any(axis=(-1, -2))
    return np.where(known, np.fmin(ratios[..., 0], ratios[..., 1]), np.nan)


def trained_on(real, synthetic, k, seed=0):
    """Returns what classifiers are trained on: dict of name to `Rows`.

    Args:
        real, synthetic: `Rows`.
        k: number of groups.
        seed: seed of the choice of rows.

    Returns:
        `real` rows as they are; `real_equal`, such rows in groups of equal size and no more than there are synthetic
        ones, or generators would be compared with more rows, or with groups in other shares; `synthetic`, and
        `augmented`, real and synthetic.
    """
    return {
        "real": real,
        "real_equal": real.in_equal_groups(len(synthetic.targets), k, seed),
        "synthetic": synthetic,
        "augmented": real.joined(synthetic),
    }


def without_the_group(real, synthetic, test, k, seed=0):
    """What the column of the group does to classifiers: logistic regressions that do not see it, or see it shuffled.

    Shuffled, the group of a synthetic row tells nothing of its other columns.

    Args:
        real, synthetic: `Rows` that are trained on; real ones are taken in groups of equal size.
        test: `Rows`, real ones that were not trained on.
        k: number of groups.
        seed: seed of the shuffling, the choice of rows and the bootstrap.

    Returns:
        dict of `real_equal` and `synthetic`, both blind, and `shuffled`, synthetic rows, to metrics as of `downstream`.
    """
    equal = real.in_equal_groups(len(synthetic.targets), k, seed)
    groups = np.random.default_rng(seed).permutation(synthetic.groups)
    found = {
        name: downstream(rows, test, k, seed=seed, blind=True)
        for name, rows in {"real_equal": equal, "synthetic": synthetic}.items()
    }
    return found | {"shuffled": downstream(synthetic._replace(groups=groups), test, k, seed=seed)}


def baseline(targets):
    """What everybody reaches on test rows: `n`, the share that is `positive`, and the accuracy of the `majority`."""
    positive = float(np.mean(targets))
    return {"n": len(targets), "positive": positive, "majority": max(positive, 1 - positive)}


def trivial(downstream, tested):
    """Yields a sentence for each classifier whose predictions are nearly all the same.

    Args:
        downstream: dict of classifier to dict of what it was trained on to metrics.
        tested: `baseline` of the rows that it was tested on.
    """
    positive = tested["positive"]
    few, many = NEARLY * positive, 1 - NEARLY * (1 - positive)
    for classifier, by_training in downstream.items():
        for side, metrics in by_training.items():
            rate = metrics.get("positive_rate")
            if rate is None or few <= rate[0] <= many:
                continue
            yield (
                f"The {classifier.replace('_', ' ')} trained on {side.replace('_', ', ')} data predicts "
                f"{100 * rate[0]:.1f} % of test cases positive, where {100 * positive:.1f} % are: it is no better than "
                f"the majority (accuracy {100 * tested['majority']:.1f} %), and its parity says nothing."
            )


def auroc(targets, scores, seed=0, n_bootstrap=200):
    """Area under the ROC curve with its interval, `[value, low, high]`; `None` with one target alone."""
    targets, scores = np.asarray(targets, bool), np.asarray(scores)
    if targets.all() or not targets.any():
        return None
    _, ranks = np.unique(scores, return_inverse=True)
    rng, resampled = np.random.default_rng(seed), []
    while len(resampled) < n_bootstrap:
        rows = rng.integers(len(targets), size=len(targets))
        if 0 < targets[rows].sum() < len(rows):
            resampled.append(auroc_of_ranks(targets[rows], ranks[rows]))
    ends = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return _interval(auroc_of_ranks(targets, ranks), ends)


def auroc_of_ranks(targets, ranks):
    """Returns how often a positive row outranks a negative one; a tie counts half.

    That is the area under the ROC curve; scikit-learn's function checks its input for milliseconds, per resample.

    Args:
        targets: bool, shape `(N,)`, both values occurring.
        ranks: int from 0, shape `(N,)`, in the order of the scores, equal for equal scores.

    Examples:
        >>> auroc_of_ranks(np.array([False, False, True, True]), np.array([0, 1, 1, 2]))
        0.875
    """
    size = ranks.max() + 1
    positive, negative = (np.bincount(ranks[rows], minlength=size) for rows in (targets, ~targets))
    outranked = np.cumsum(negative) - 0.5 * negative
    return float(positive @ outranked / (positive.sum() * negative.sum()))


def proxy_test(train, test, k, classifier="logistic_regression", seed=0):
    """Gives a classifier a proxy of the group in the place of the group, and looks whether it uses it.

    The proxy equals the group in 95 % of the rows, and is another one at random in the rest.

    Args:
        train, test: `Rows`.
        k: number of groups.
        classifier: as in `downstream`.
        seed: seed of proxy and classifier.

    Returns:
        Cramér's V between proxy and prediction on the test rows, 0 (unrelated) to 1; 0 if all predictions
        are the same. For two groups it is the size of their correlation.
    """
    if len(np.unique(train.targets)) < 2:
        return 0.0
    rng = np.random.default_rng(seed)
    proxies = [proxy_of(rows.groups, k, rng) for rows in (train, test)]
    model = make_classifier(classifier, seed).fit(_with(train.features, proxies[0], k), train.targets)
    predicted = model.predict(_with(test.features, proxies[1], k)).astype(int)
    return cramers_v(proxies[1], predicted) or 0.0


def proxy_of(groups, k, rng):
    """A column that equals the groups in 95 % of the rows, shape `(N,)`."""
    groups = np.asarray(groups)
    other = (groups + rng.integers(1, k, len(groups))) % k
    return np.where(rng.random(len(groups)) < PROXY_AGREEMENT, groups, other)


def _with(features, groups, k):
    return np.concatenate([features, np.eye(k, dtype=features.dtype)[groups]], axis=1)


def _difference(rates, axis=-1):
    return rates.max(axis=axis) - rates.min(axis=axis)


def quantiles(values, at):
    """Quantiles of the resamples in which a metric exists."""
    return np.quantile(values[~np.isnan(values)], at) if not np.isnan(values).all() else [np.nan] * len(at)


def _interval(value, ends):
    return None if np.isnan(value) else [float(value), *map(float, ends)]
