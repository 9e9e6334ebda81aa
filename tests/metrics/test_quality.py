"""Quality metrics against formulas in NumPy, other programs and real digits, and their properties."""

import tracemalloc
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm

from repfair_keras.core.errors import InputError
from repfair_keras.metrics import fidelity as module
from repfair_keras.metrics.catalog import QUALITY, metric_info
from repfair_keras.metrics.fidelity import (
    frechet_distance,
    kernel_distance,
    precision_recall_density_coverage,
    quality,
)

calm = partial(settings, deadline=None, max_examples=20)  # a busy machine is no failure
METRICS = (frechet_distance, kernel_distance, precision_recall_density_coverage, quality)


def two_sets(seed=0, n=500, m=500, d=16):
    """Normal features, and narrower ones beside them."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), 0.9 * rng.normal(size=(m, d)) + 0.3


def gaussian(seed, n, mean, covariance):
    """Features with exactly this mean and covariance."""
    features = np.random.default_rng(seed).normal(size=(n, len(mean)))
    features -= features.mean(axis=0)
    whitening = np.linalg.inv(np.linalg.cholesky(np.cov(features, rowvar=False)))
    return features @ whitening.T @ np.linalg.cholesky(covariance).T + mean


@pytest.fixture
def small_blocks(monkeypatch):
    """Makes a few hundred images several blocks."""
    monkeypatch.setattr(module, "BLOCK_MB", 1)


@pytest.fixture(scope="module")
def halves_and_noise(digit_images):
    """Two halves of 5,000 real digits, and as many images of noise: 32 principal components of the digits."""
    rng = np.random.default_rng(0)
    pixels = rng.permutation(digit_images.pixels.reshape(len(digit_images.pixels), -1) / 255)
    axes = np.linalg.eigh(np.cov(pixels, rowvar=False))[1][:, -32:]
    first, second = np.split(pixels @ axes, 2)
    return first, second, rng.uniform(size=pixels[::2].shape) @ axes


# Against formulas and other programs


def test_frechet_distance_of_independent_features():
    real = gaussian(0, 50, [0, 0, 0], np.diag([1.0, 4, 9]))
    generated = gaussian(1, 40, [1, 2, 0], np.diag([4.0, 4, 1]))
    # ||m||^2 = 1 + 4; sum of (s_r - s_g)^2 = (1 - 2)^2 + 0 + (3 - 1)^2
    assert frechet_distance(real, generated) == pytest.approx(10, rel=1e-9)


def test_frechet_distance_is_that_of_scipys_matrix_root():
    rng = np.random.default_rng(0)
    (mean_r, mean_g), mixing = rng.normal(size=(2, 8)), rng.normal(size=(2, 8, 8))
    cov_r, cov_g = (a @ a.T + 0.1 * np.eye(8) for a in mixing)
    expected = np.sum((mean_r - mean_g) ** 2) + np.trace(cov_r + cov_g - 2 * sqrtm(cov_r @ cov_g).real)
    real, generated = gaussian(1, 100, mean_r, cov_r), gaussian(2, 80, mean_g, cov_g)
    assert frechet_distance(real, generated) == pytest.approx(expected, rel=1e-6)


def test_frechet_distance_of_features_that_depend_on_each_other():
    real, generated = (np.repeat(features, 2, axis=1) for features in two_sets(d=4))
    assert frechet_distance(real, generated) == pytest.approx(2 * frechet_distance(*two_sets(d=4)), rel=1e-6)
    assert frechet_distance(real, real) == pytest.approx(0, abs=1e-9)


def test_kernel_distance_is_the_mean_over_all_pairs(small_blocks):
    real, generated = two_sets(n=500, m=420)

    def kernel(a, b):
        return (a @ b.T / 16 + 1) ** 3

    def without_diagonal(values):
        return values[~np.eye(len(values), dtype=bool)].mean()

    expected = without_diagonal(kernel(real, real)) + without_diagonal(kernel(generated, generated))
    expected -= 2 * kernel(real, generated).mean()
    assert kernel_distance(real, generated) == pytest.approx(expected, rel=1e-9)


def distances(a, b):
    return np.linalg.norm(a[:, None] - b[None], axis=2)


@pytest.mark.parametrize("k", [1, 5])
def test_precision_recall_density_coverage_are_the_published_formulas(small_blocks, k):
    real, generated = two_sets(n=500, m=420)
    real_radii = np.sort(distances(real, real), axis=1)[:, k]  # column 0 is the image itself
    generated_radii = np.sort(distances(generated, generated), axis=1)[:, k]
    across = distances(real, generated)
    in_real = across < real_radii[:, None]
    expected = {
        "precision": in_real.any(axis=0).mean(),
        "recall": (across < generated_radii).any(axis=1).mean(),
        "density": in_real.sum(axis=0).mean() / k,
        "coverage": (across.min(axis=1) < real_radii).mean(),
    }
    measured = precision_recall_density_coverage(real, generated, k)
    assert list(measured) == list(expected)
    assert measured == pytest.approx(expected, rel=1e-12)


def test_agrees_with_other_programs():
    # fid, kid: torch-fidelity 0.4.0, all images in one subset; precision, recall: torch-fidelity 0.4.0 and
    # prdc 0.2, which agree; density, coverage: prdc 0.2.
    expected = [2.0353982521573037, 0.33191849348711333, 0.946, 0.63, 1.3156, 0.93]
    assert list(quality(*two_sets()).values()) == pytest.approx(expected, rel=1e-9)


# On real digits


def test_halves_of_real_digits_are_alike_and_noise_is_not(halves_and_noise):
    real, other, noise = halves_and_noise
    alike, unlike = quality(real, other), quality(real, noise)
    assert min(alike["precision"], alike["recall"], alike["coverage"]) > 0.9
    assert alike["density"] == pytest.approx(1, abs=0.05)
    assert unlike["fid"] > 20 * alike["fid"]
    assert abs(alike["kid"]) < 0.1 * unlike["kid"]
    # Its precision is .75: noise is much the same everywhere, and lies in the large balls of odd digits.
    assert max(unlike["recall"], unlike["coverage"]) < 0.05
    assert unlike["density"] < 0.5


def test_coverage_sees_lost_kinds_and_precision_does_not(halves_and_noise):
    real, other, _ = halves_and_noise
    few = other[other[:, -1] > np.median(other[:, -1])]
    lost = precision_recall_density_coverage(real, few)
    assert lost["precision"] > 0.9
    assert lost["coverage"] < 0.75
    assert lost["recall"] < 0.9


# Properties


@calm()
@given(st.integers(0, 10**6), st.floats(-1e3, 1e3))
def test_moving_both_sides_changes_neither_frechet_distance_nor_balls(seed, by):
    real, generated = two_sets(seed, n=60, m=50, d=4)
    shift = by * np.arange(1, 5)
    moved = real + shift, generated + shift
    assert frechet_distance(*moved) == pytest.approx(frechet_distance(real, generated), rel=1e-6)
    assert precision_recall_density_coverage(*moved) == precision_recall_density_coverage(real, generated)


@calm()
@given(st.integers(0, 10**6))
def test_the_order_of_images_does_not_matter(seed):
    real, generated = two_sets(seed, n=60, m=50, d=4)
    rng = np.random.default_rng(seed)
    shuffled = quality(rng.permutation(real), rng.permutation(generated))
    assert shuffled == pytest.approx(quality(real, generated), rel=1e-9)


@calm()
@given(st.integers(0, 10**6), st.floats(1e-3, 1e3))
def test_a_set_against_itself_is_perfect(seed, scale):
    real = scale * two_sets(seed, n=60, d=4)[0]
    measured = quality(real, real.copy())
    assert measured["fid"] == pytest.approx(0, abs=1e-9 * scale**2)
    assert measured["kid"] < 0
    # Each ball holds its own image and k - 1 others: the k-th is on its surface, however it is rounded.
    assert [measured[name] for name in ("precision", "recall", "density", "coverage")] == [1] * 4


@calm()
@given(st.integers(0, 10**6))
def test_exchanging_the_sides_exchanges_precision_and_recall(seed):
    real, generated = two_sets(seed, n=60, m=50, d=4)
    there, back = quality(real, generated), quality(generated, real)
    assert (there["precision"], there["recall"]) == (back["recall"], back["precision"])
    assert (there["fid"], there["kid"]) == pytest.approx((back["fid"], back["kid"]), rel=1e-9)


def test_images_that_are_all_the_same_have_empty_balls():
    real = np.tile(two_sets()[0][:1], (20, 1)) + 0.1
    assert set(precision_recall_density_coverage(real, real).values()) == {0}


def test_kernel_distance_is_zero_on_average_and_can_be_negative():
    values = [kernel_distance(*np.random.default_rng(seed).normal(size=(2, 50, 4))) for seed in range(100)]
    assert min(values) < 0 < max(values)
    assert abs(np.mean(values)) < 3 * np.std(values) / 10


def test_kernel_distance_draws_only_where_there_are_too_many_images():
    real, generated = two_sets()
    exact = kernel_distance(real, generated, seed=0)
    assert kernel_distance(real, generated, seed=1) == exact
    assert kernel_distance(real, generated, seed=1, max_images=500) == exact
    drawn = [kernel_distance(real, generated, seed, max_images=300) for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn == pytest.approx([exact] * 3, rel=0.3)


@pytest.mark.parametrize("metric", [kernel_distance, precision_recall_density_coverage])
def test_memory_is_a_part_of_the_matrix_of_all_pairs(metric):
    sides = np.random.default_rng(0).normal(size=(2, 4000, 8))
    tracemalloc.start()
    metric(*sides)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 80e6  # all pairs take 128 MB


def test_float32_features_give_what_float64_features_give():
    sides = [side.astype(np.float32) for side in two_sets()]
    assert quality(*sides) == quality(*(side.astype(np.float64) for side in sides))


def test_names_and_order_of_the_six():
    assert tuple(quality(*two_sets())) == QUALITY
    assert [name for name in QUALITY if not metric_info(name).higher_is_better] == ["fid", "kid"]


# Few images


@pytest.mark.parametrize(("n", "m", "side"), [(16, 500, "16 real"), (500, 16, "16 generated")])
def test_frechet_distance_of_too_few_images_says_how_many_and_offers_another(n, m, side):
    real, generated = two_sets(n=n, m=m)
    with pytest.raises(InputError, match=f"{side} images.*16 features.*at least 17.*kernel_distance"):
        frechet_distance(real, generated)
    assert frechet_distance(*two_sets(n=17, m=17)) > 0
    measured = quality(real, generated)
    assert measured["fid"] is None
    assert measured["kid"] == kernel_distance(real, generated)


@pytest.mark.parametrize("metric", [precision_recall_density_coverage, partial(quality, k=3)])
def test_more_images_than_neighbours_are_needed(metric):
    k = metric.keywords["k"] if isinstance(metric, partial) else 5
    metric(*two_sets(n=k + 1, m=k + 1))
    with pytest.raises(InputError, match=rf"{k} generated images.*k={k}.*at least {k + 1}"):
        metric(*two_sets(n=50, m=k))
    with pytest.raises(InputError, match=f"{k} real images"):
        metric(*two_sets(n=k, m=50))


def test_kernel_distance_needs_two_images():
    assert np.isfinite(kernel_distance(*two_sets(n=2, m=2)))
    with pytest.raises(InputError, match=r"1 real images.*at least 2"):
        kernel_distance(*two_sets(n=1))
    with pytest.raises(InputError, match=r"1 generated images.*at least 2"):
        kernel_distance(*two_sets(m=1))


# Bad input


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("side", ["real", "generated"])
@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda a: a[0], r"shape \(16,\), expected \(N, D\)"),
        (lambda a: a.reshape(-1, 4, 4), r"shape \(500, 4, 4\), expected \(N, D\)"),
        (lambda a: a[:0], r"shape \(0, 16\), expected \(N, D\), N >= 1"),
        (lambda a: a[:, :0], r"shape \(500, 0\)"),
        (lambda a: (a * 10).astype(int), "int64, expected floating point"),
        (lambda a: a.astype(str), "expected floating point"),
        (lambda a: np.where(np.arange(500)[:, None] == 7, np.nan, a), r"row 7 \(1 rows.*expected finite"),
        (lambda a: np.where(np.arange(500)[:, None] >= 9, np.inf, a), r"row 9 \(491 rows"),
    ],
)
def test_bad_features_are_refused(metric, side, spoil, message):
    sides = dict(zip(("real", "generated"), two_sets(), strict=True))
    sides[side] = spoil(sides[side])
    with pytest.raises(InputError, match=f"{side} features.*{message}"):
        metric(**sides)


@pytest.mark.parametrize("metric", METRICS)
def test_features_of_two_sizes_are_refused(metric):
    with pytest.raises(InputError, match=r"16 real but 15 generated features.*same extractor"):
        metric(two_sets()[0], two_sets(d=15)[1])


def test_bad_options_are_refused():
    with pytest.raises(InputError, match=r"k is 0, expected.*1 or more"):
        precision_recall_density_coverage(*two_sets(), k=0)
    with pytest.raises(InputError, match="max_images is 1, expected 2 or more"):
        kernel_distance(*two_sets(), max_images=1)
