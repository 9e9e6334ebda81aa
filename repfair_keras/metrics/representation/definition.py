"""Epsilon of Definition 1: the largest distance to the target over repeated samplings, and its bias."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.representation.checks import checked_target
from repfair_keras.metrics.representation.shares import proportions

SIMULATIONS = 2_000


@dataclass(frozen=True)
class Epsilon:
    """Epsilon, and what a generator exactly on target would get with as many samplings as large.

    A maximum of noisy distances is above 0 for every generator and grows with `repeats`: epsilon means
    something only beside `balanced_mean` and `balanced_quantile`, and only against an epsilon of the same n
    and repeats.

    Args:
        distance: name of the distance d, `kl` (nats).
        epsilon: largest distance over the samplings. Range: 0 to `ln k` for a uniform target.
        repeats: number of disjoint samplings.
        n: images in each.
        balanced_mean: mean epsilon of a generator exactly on target.
        balanced_quantile: its 95 % quantile; an epsilon below it is no evidence of imbalance.
    """

    distance: str
    epsilon: float
    repeats: int
    n: int
    balanced_mean: float
    balanced_quantile: float


def epsilon(predicted, n_groups, target=None, repeats=10, seed=0):
    """Level of group balance: the largest KL to the target over repeated samplings from the generator.

    The sample is shuffled and cut into `repeats` disjoint samplings of `n = N // repeats` images, which are
    as independent as fresh ones. What its bias is, `Epsilon` says.

    Args:
        predicted: integers, shape `(N,)`, group of each image, 0 to `n_groups - 1`.
        n_groups: number of groups k.
        target: shares asked for, shape `(k,)`; `None` means uniform, 1/k each.
        repeats: number of samplings, at least 1.
        seed: of the shuffle and of the simulated generator on target.

    Returns:
        `Epsilon`.

    Raises:
        InputError: if groups or target are not as above, or a sampling has fewer images than there are
            groups, so that even a generator on target could not look balanced.

    Reference:
        Kenfack et al., RepFair-GAN, Definition 1.
    """
    proportions(predicted, n_groups)  # refuses what is no sample of groups
    target = checked_target(target, n_groups)
    n = len(predicted) // repeats if repeats >= 1 else 0
    if n < n_groups:
        raise InputError(
            f"{len(predicted)} images in {repeats} samplings: expected at least 1 sampling, and {n_groups} "
            f"images in each, one per group: draw {max(repeats, 1) * n_groups} images or more."
        )
    rng = np.random.default_rng(seed)
    samplings = rng.permutation(predicted)[: repeats * n].reshape(repeats, n)
    counts = np.stack([np.bincount(sampling, minlength=n_groups) for sampling in samplings])
    balanced = _largest_kl(rng.multinomial(n, target / target.sum(), size=(SIMULATIONS, repeats)), target)
    bias = float(balanced.mean()), float(np.quantile(balanced, 0.95))
    return Epsilon("kl", float(_largest_kl(counts, target)), repeats, n, *bias)


def _largest_kl(counts, target):
    """Largest KL over the samplings; counts of shape `(..., repeats, k)`."""
    shares = counts / counts.sum(axis=-1, keepdims=True)
    return np.maximum(special.rel_entr(shares, target).sum(axis=-1), 0).max(axis=-1)
