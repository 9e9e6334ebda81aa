"""The toy's densities, discriminators and pulls are what its text says."""

import numpy as np
import pytest

from repfair_keras.papers.figure import ILLUSTRATION, Material
from repfair_keras.papers.registered import toy


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5])
def test_densities_are_densities(share):
    assert toy.generated(share).sum() * toy.CELL == pytest.approx(1, abs=1e-6)
    right = toy.POINTS[:, 0] > 0
    overlap = 0.00135  # of a normal distribution three deviations from its centre
    assert toy.generated(share)[right].sum() * toy.CELL == pytest.approx(share, abs=0.004 + overlap)


def loss(logit, share, weight):
    real, made = toy.generated(0.5), toy.generated(share)
    return ((weight * real * np.logaddexp(0, -logit) + made * np.logaddexp(0, logit)).sum()) * toy.CELL


@pytest.mark.parametrize("weight", toy.WEIGHTS)
def test_no_discriminator_is_better_than_the_best(weight):
    best = toy.best_discriminator(0.1, weight)
    rng = np.random.default_rng(0)
    for size in (0.01, 0.1, 1.0):
        other = best + size * rng.standard_normal(len(best))
        assert loss(other, 0.1, weight) > loss(best, 0.1, weight)


@pytest.mark.parametrize("weight", toy.WEIGHTS)
def test_the_pull_is_minus_the_slope_of_the_loss_with_the_discriminator_held_still(weight):
    still, h = np.logaddexp(0, -toy.best_discriminator(0.2, weight)), 1e-4
    ends = [(toy.generated(0.2 + step) * still).sum() * toy.CELL for step in (-h, h)]
    assert toy.pull(0.2, weight) == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-6)


@pytest.mark.parametrize("weight", toy.WEIGHTS)
@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9])
def test_the_pull_is_the_formula_where_groups_hardly_overlap(weight, share):
    formula = np.log1p(2 * (1 - share) / weight) - np.log1p(2 * share / weight)
    assert toy.pull(share, weight) == pytest.approx(formula, abs=0.03 * max(1, abs(formula)))


def test_of_equal_groups_the_loss_of_the_generated_half_is_log_one_plus_the_weight():
    """What recorded runs of RepFair-GAN have, with C over the norm for the weight."""
    for weight in toy.WEIGHTS:
        logit = toy.best_discriminator(0.5, weight)
        half = (toy.generated(0.5) * np.logaddexp(0, logit)).sum() * toy.CELL
        assert half == pytest.approx(np.log1p(weight), rel=1e-6)


def test_a_smaller_weight_brings_a_lost_group_back_sooner():
    times = [toy.time_to(weight) for weight in toy.WEIGHTS]
    assert times == sorted(times, reverse=True) and np.isfinite(times).all()
    _, shares = toy.recovered(0.15)
    assert (np.diff(shares) >= 0).all() and shares[-1] == pytest.approx(0.5, abs=1e-3)


def test_the_page_judges_nothing():
    found = toy.FIGURE.measure(Material([], {}))
    assert found.verdict == ILLUSTRATION and not found.parts and len(found.rows) == len(toy.WEIGHTS)
    figure = toy.FIGURE.plot(Material([], {}))
    assert [len(axes.get_lines()) for axes in figure.axes] == [2, 5, 6, 5]
