"""Shares corrected for the error of the classifier that counted, and how well the corrected shares are known.

The confusion matrix is measured on real images that the classifier has not seen. That it holds for generated
images too is an assumption that nothing here can test.

Reference: Teo et al., "On Measuring Fairness in Generative Models" (2023), CLEAM; for two groups Rogan and
Gladen, "Estimating prevalence from the results of a screening test" (1978).
"""

import numpy as np
from scipy import optimize

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.representation.checks import (
    check_level,
    checked_amounts,
    checked_counts,
    checked_shares,
    checked_target,
    numbers,
    whole_numbers,
)
from repfair_keras.metrics.representation.noise import BalanceTest

ILL_CONDITIONED = 10  # a condition number above it multiplies the noise of the counts too much to trust them
SINGULAR = 1e10  # above it, no digit of a corrected share is left that counts can support


def corrected_proportions(counts, confusion):
    """Shares of the groups, corrected for the error of the classifier that counted them.

    Of shares p the classifier sees `M^T p`, with `M[i, j]` the rate at which it takes group i for group j.
    The corrected shares are those whose `M^T p` comes closest to what it saw, among all p that are shares.
    For two groups of accuracies a that is Rogan and Gladen's formula, cut to [0, 1]:
    `p_0 = (seen_0 - (1 - a_1)) / (a_0 + a_1 - 1)`.

    Args:
        counts: images per predicted group, or their shares, shape `(k,)`, numbers >= 0, some above 0.
        confusion: counts or rates on real images, shape `(k, k)`, rows true groups, columns predicted ones.
            Each row is divided by its sum. With a column more, shape `(k, k + 1)`, the last one holds the
            images whose group the classifier leaves undecided, and `counts` are of decided images: then a
            group that is decided less often gets its share back, p_i ~ q_i / P(decided | i).

    Returns:
        float64, shape `(k,)`, each in [0, 1], sums to 1: shares of all images. Balanced: 1/k each.

    Raises:
        InputError: if the shapes differ, a number is negative or NaN, a row has no images, or the matrix is
            singular: then different shares look alike to the classifier.

    Reference:
        Teo et al. (2023), the model of the classifier's error; Rogan and Gladen (1978).
    """
    seen, rates = _checked_pair(checked_amounts(counts), _rates(confusion))
    _check_regular(confusion)
    return _corrected(seen[None] / seen.sum(), rates[None])[0]


def expected_proportions(p, confusion):
    """Shares that a classifier with these errors sees of shares p: `M^T p`, the inverse of the correction.

    Args:
        p: shares, shape `(k,)`.
        confusion: as in `corrected_proportions`.

    Returns:
        float64, shape `(k,)`, each in [0, 1], sums to 1.
    """
    p, rates = _checked_pair(checked_shares(p), _rates(confusion))
    seen = rates[:, : len(p)].T @ p
    return seen / seen.sum()  # of the decided images


def condition_number(confusion):
    """Condition number of the rates: how much the correction can multiply the relative noise of the counts.

    Args:
        confusion: as in `corrected_proportions`.

    Returns:
        float. A perfect classifier: 1. Range: 1 or more, infinite for a singular matrix. Above
        `ILL_CONDITIONED` corrected shares mean little.
    """
    rates = _rates(confusion)
    condition = float(np.linalg.cond(rates[:, : len(rates)]))
    return condition if condition <= SINGULAR else float("inf")  # a zero is seldom exact in floating point


def bootstrap_interval(counts, confusion_counts, level=0.95, seed=0, n_resamples=1000, sums=None):
    """Interval of each corrected share, with the noise of the generated and of the validation images.

    Each resample draws the shares seen and every row of the confusion matrix anew and corrects the one by the
    other. An interval of the sample's noise alone, with the matrix taken for exact, covers far less than it
    says.

    Plain resampling of the images would never draw what was not seen once: a classifier without an error
    among 100 images would be perfect in every resample, and a group that never occurred would have the
    interval [0, 0]. So the rates are drawn from Dirichlet(counts + 1/k), a Bayesian bootstrap with Perks'
    prior (for two groups Jeffreys'), which gives a zero cell the width that its number of images leaves open.
    Where no error was seen this presumes some all the same, and takes it off the share of a rare group. So
    the rates are drawn without a prior too, and the interval runs from the lowest of the percentiles of both
    to the highest, widened to hold the corrected share itself, which at an end of [0, 1] can lie outside.

    Args:
        counts: integers, shape `(k,)`, generated images per predicted group.
        confusion_counts: integers, shape `(k, k)` or `(k, k + 1)`, real images, as for the corrected shares.
            Rates do not do: they do not say how many images they come from.
        level: confidence, in (0, 1).
        seed: of the draws.
        n_resamples: number of draws, at least 1.
        sums: bool or 0 and 1, shape `(m, k)`: sums of groups, as all that are women, in the place of the groups
            themselves; `None`: each group.

    Returns:
        float64, shape `(k, 2)`, or `(m, 2)`, lower and upper end, each in [0, 1].

    Raises:
        InputError: as in `corrected_proportions`, and for rates instead of counts or a level out of range.
    """
    counts, confusion = _checked_pair(checked_counts(counts), _checked_confusion(confusion_counts))
    confusion = whole_numbers(confusion, "confusion counts")
    check_level(level)
    _check_resamples(n_resamples, 1, 1000)
    sums = np.eye(len(counts)) if sums is None else np.asarray(sums, dtype=np.float64)
    estimate = corrected_proportions(counts, confusion)
    rng = np.random.default_rng(seed)
    prior, ends = 1 / len(counts), [sums @ estimate]
    for rates_prior in (prior, 0):
        seen = _dirichlet(counts + prior, n_resamples, rng)
        draws = _corrected(seen, _dirichlet(confusion + rates_prior, n_resamples, rng))
        ends.extend(np.quantile(draws @ sums.T, [(1 - level) / 2, (1 + level) / 2], axis=0))
    return np.stack([np.min(ends, axis=0), np.max(ends, axis=0)], axis=-1)


def target_test(counts, confusion_counts, target, seed=0, n_resamples=1999):
    """Tests whether counts can come from a generator on target, seen through a classifier with these errors.

    Counts of such generators are simulated, each with rates of the classifier drawn anew as in
    `bootstrap_interval`. The statistic is their squared distance from the mean in units of their own
    covariance (Mahalanobis).

    Args:
        counts: integers, shape `(k,)`, images per predicted group.
        confusion_counts: integers, shape `(k, k)` or `(k, k + 1)`, real images, as for `bootstrap_interval`.
        target: shares asked for, shape `(k,)`; `None`: equal ones.
        seed: of the draws.
        n_resamples: number of draws, at least 2, which have a covariance: the smallest p-value is
            1 / (1 + n_resamples).

    Returns:
        `BalanceTest`, its p-value the share of simulated counts that are at least as far off.

    Raises:
        InputError: as in `bootstrap_interval`, and for a target that is no shares of these groups.
    """
    counts, confusion = _checked_pair(checked_counts(counts), _checked_confusion(confusion_counts))
    confusion, target = whole_numbers(confusion, "confusion counts"), checked_target(target, len(counts))
    _check_resamples(n_resamples, 2, 1999)
    _check_regular(confusion)
    rng = np.random.default_rng(seed)
    seen = (target / target.sum()) @ _dirichlet(confusion + 1 / len(counts), n_resamples, rng)
    if seen.shape[1] > len(counts):  # undecided images are not among the counts
        seen = seen[:, :-1] / seen[:, :-1].sum(axis=1, keepdims=True)
    draws = rng.multinomial(counts.sum(), seen)
    spread = np.linalg.pinv(np.atleast_2d(np.cov(draws, rowvar=False)))

    def distance(found):
        off = found - draws.mean(axis=0)
        return np.einsum("...i,ij,...j->...", off, spread, off)

    statistic = float(distance(counts))
    as_far = int((distance(draws) >= statistic * (1 - 1e-9)).sum())
    return BalanceTest(
        "Monte-Carlo, with the classifier's errors", statistic, (1 + as_far) / (1 + n_resamples)
    )


def _dirichlet(parameters, n_resamples, rng):
    """Draws of shape `(n_resamples, *parameters.shape)`, each row from its Dirichlet distribution."""
    draws = rng.standard_gamma(parameters, size=(n_resamples, *parameters.shape))
    return draws / draws.sum(axis=-1, keepdims=True)


def _corrected(seen, rates):
    """Corrects many at once: seen `(n, k)`, rates `(n, k, k)` or `(n, k, k + 1)`, to shares `(n, k)`."""
    decided = rates[..., : seen.shape[1]]
    often = decided.sum(axis=-1)
    p = _on_simplex(seen, decided / often[..., None]) / often
    return p / p.sum(axis=1, keepdims=True)


def _on_simplex(seen, rates):
    """Solves many pairs at once: seen `(n, k)` and rates `(n, k, k)` to shares `(n, k)`."""
    p = np.full(seen.shape, -1.0)
    regular = np.linalg.cond(rates) <= SINGULAR
    p[regular] = np.linalg.solve(rates[regular].swapaxes(1, 2), seen[regular, :, None])[..., 0]
    if seen.shape[1] == 2:  # shares of two groups are a line: the closest point on it is the nearer end
        p[regular] = p[regular].clip(0, 1)
    for i in np.flatnonzero(p.min(axis=1) < 0):  # outside the simplex, or without a unique solution
        p[i] = _closest_on_simplex(seen[i], rates[i])
    return p / p.sum(axis=1, keepdims=True)


def _closest_on_simplex(seen, rates):
    """Minimises `|M^T p - seen|` over shares p, exactly.

    As p sums to 1, the residual is `C p` with `C = M^T - seen 1^T`, a homogeneous function of p. So
    minimising `|C p|^2 + (sum p - 1)^2` over p >= 0 finds the minimiser's direction, and its scale is divided
    out.
    """
    residual = rates.T - seen[:, None]
    system = np.vstack([residual, np.ones(len(seen))])
    p, _ = optimize.nnls(system, np.append(np.zeros(len(seen)), 1.0))
    return p / p.sum()


def _rates(confusion):
    confusion = _checked_confusion(confusion)
    return confusion / confusion.sum(axis=1, keepdims=True)


def _checked_confusion(confusion):
    confusion = numbers(confusion, "confusion matrix", "(k, k)")
    if confusion.ndim != 2 or confusion.shape[1] - len(confusion) not in (0, 1) or confusion.size == 0:
        raise InputError(
            f"confusion matrix has shape {confusion.shape}, expected (k, k): true groups by predicted, or "
            "(k, k + 1): with a last column of undecided images."
        )
    if not np.all((confusion >= 0) & np.isfinite(confusion)):
        raise InputError(f"confusion matrix {confusion.tolist()}: expected counts or rates, numbers >= 0.")
    empty = np.flatnonzero(confusion[:, : len(confusion)].sum(axis=1) == 0)
    if empty.size:
        raise InputError(
            f"row {empty[0]} of the confusion matrix {confusion.tolist()} has no decided images, expected "
            "some of every group: add real images of it to the validation set, or lower the confidence."
        )
    return confusion


def _check_regular(confusion):
    if np.isinf(condition_number(confusion)):
        raise InputError(
            f"confusion matrix {np.round(_rates(confusion), 4).tolist()} (rows true, columns predicted) is singular, "
            "expected a classifier that tells the groups apart: train it longer, or merge groups it confuses."
        )


def _check_resamples(n_resamples, least, usual):
    if not n_resamples >= least:
        raise InputError(f"n_resamples is {n_resamples}, expected at least {least}: give {usual}.")


def _checked_pair(shares, confusion):
    if len(shares) != len(confusion):
        raise InputError(
            f"{len(shares)} groups counted, but a confusion matrix of {len(confusion)} groups: give one "
            "row and one column per group."
        )
    return shares, confusion
