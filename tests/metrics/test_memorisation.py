"""Planted copies are found, real images that were held out are not called copies."""

import io
import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repfair_keras.core.errors import InputError
from repfair_keras.core.progress import Progress
from repfair_keras.data.images.dataset import to_float
from repfair_keras.metrics.memorisation import memorisation

COPIES = np.arange(0, 300, 5)  # images of which a copy is planted


@pytest.fixture(scope="module")
def training(digit_images):
    return digit_images.pixels[::2]


@pytest.fixture(scope="module")
def held_out(digit_images):
    return digit_images.pixels[1::16]  # 313 images


@pytest.fixture(scope="module")
def of_held_out(held_out, training):
    return memorisation(held_out, training)


def normal(n, seed=0, d=6):
    return np.random.default_rng(seed).normal(size=(n, d))


def direct(generated, training):
    """All distances, one difference at a time."""
    return np.linalg.norm(generated[:, None] - training[None], axis=2)


def test_real_images_that_were_held_out_are_no_copies(of_held_out):
    assert of_held_out.distance_ratio == pytest.approx(1, abs=0.05)
    assert of_held_out.nndr == pytest.approx(of_held_out.nndr_real, abs=0.02)
    assert of_held_out.suspects.mean() < 0.03  # 0.01 expected
    assert of_held_out.distance.min() > 0


@pytest.mark.parametrize("scale", [lambda a: a, lambda a: np.float32(a / 127.5 - 1)])
def test_planted_copies_are_found(held_out, training, of_held_out, scale):
    generated = held_out.copy()
    generated[COPIES] = training[7 * COPIES]
    found = memorisation(scale(generated), scale(training))
    assert found.nearest[COPIES].tolist() == (7 * COPIES).tolist()
    assert (found.distance[COPIES] == 0).all()
    assert found.suspects[COPIES].all()
    others = np.setdiff1d(np.arange(len(generated)), COPIES)
    assert found.suspects[others].tolist() == of_held_out.suspects[others].tolist()


def test_a_generator_that_copies_with_a_little_noise_is_found(training):
    noise = np.random.default_rng(0).normal(0, 8, size=(300, *training.shape[1:]))
    copied = memorisation(training[1000:1300] + noise, training.astype(float))
    assert copied.suspects.all()
    assert copied.nearest.tolist() == list(range(1000, 1300))
    assert copied.distance_ratio < 0.3
    assert copied.nndr < 0.4 < copied.nndr_real - 0.4


def test_distances_are_those_to_every_training_image_and_leave_one_out():
    generated, training = normal(30), normal(40, seed=1)
    measured = memorisation(generated, training, quantile=0.25)
    distances, among = direct(generated, training), direct(training, training)
    np.fill_diagonal(among, np.inf)
    among.sort(axis=1)
    assert measured.distance == pytest.approx(distances.min(axis=1), rel=1e-5)
    assert measured.nearest.tolist() == distances.argmin(axis=1).tolist()
    assert measured.threshold == pytest.approx(np.quantile(among[:, 0], 0.25), rel=1e-5)
    assert measured.suspects.tolist() == (distances.min(axis=1) < measured.threshold).tolist()
    assert measured.distance_ratio == pytest.approx(
        np.median(distances.min(axis=1)) / np.median(among[:, 0]), rel=1e-5
    )
    assert measured.nndr_real == pytest.approx(np.median(among[:, 0] / among[:, 1]), rel=1e-5)
    distances.sort(axis=1)
    assert measured.nndr == pytest.approx(np.median(distances[:, 0] / distances[:, 1]), rel=1e-5)


def test_the_seed_draws_the_baseline():
    generated, training = normal(30), normal(400, seed=1)
    thresholds = [
        memorisation(generated, training, None, seed, n_baseline=50).threshold for seed in (0, 0, 1)
    ]
    assert thresholds[0] == thresholds[1] != thresholds[2]
    all_of_them = [
        memorisation(generated, training, None, seed, n_baseline=1000).threshold for seed in (0, 1)
    ]
    assert all_of_them[0] == all_of_them[1]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.floats(0.01, 100))
def test_scale_and_order_of_training_images_do_not_matter(seed, scale):
    generated, training = normal(20, seed), normal(30, seed + 1)
    plain = memorisation(generated, training)
    order = np.random.default_rng(seed).permutation(30)
    other = memorisation(scale * generated, scale * training[order])
    assert order[other.nearest].tolist() == plain.nearest.tolist()
    for name in ("distance_ratio", "nndr", "nndr_real"):
        assert getattr(other, name) == pytest.approx(getattr(plain, name), rel=1e-4)


def test_training_images_that_occur_more_than_once():
    once = normal(10)
    training = np.concatenate([once, once, once, once])  # more duplicates than neighbours that are looked up
    measured = memorisation(np.concatenate([once[:2], normal(3, seed=1)]), training)
    assert measured.distance_ratio is None
    assert measured.threshold == measured.nndr_real == 0
    assert measured.suspects.tolist() == [True, True, False, False, False]
    assert measured.nndr == 1  # the nearest and its duplicate; the two copies count as 0
    assert memorisation(once, training).nndr == 0


def test_an_image_is_not_its_own_neighbour_where_it_has_a_duplicate():
    training = np.concatenate([normal(20), normal(1)])
    measured = memorisation(normal(5, seed=1), training, quantile=0.05)
    assert measured.threshold == 0  # two of 21
    assert measured.distance_ratio > 0


def test_three_training_images_are_enough():
    measured = memorisation(normal(1), normal(3, seed=1))
    assert np.isfinite(
        [measured.distance_ratio, measured.nndr, measured.nndr_real, *measured.threshold]
    ).all()


def test_bytes_do_not_wrap_around():
    training = np.array([[0], [255], [100]], dtype=np.uint8)
    assert memorisation(np.array([[2]], dtype=np.uint8), training).distance.tolist() == [2]
    assert memorisation(np.array([[250]], dtype=np.uint8), training).nearest.tolist() == [1]


def test_memory_is_a_part_of_the_matrix_of_all_pairs():
    generated, training = normal(4000), normal(6000, seed=1)
    tracemalloc.start()
    memorisation(generated, training)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6  # all pairs take 96 MB


@pytest.mark.parametrize(
    ("generated", "training", "message"),
    [
        (normal(0), normal(9), r"generated images have shape \(0, 6\), expected \(N, ...\), N >= 1"),
        (normal(9), normal(2), r"training images have shape \(2, 6\), expected \(N, ...\), N >= 3"),
        (np.arange(9.0), normal(9), r"generated images have shape \(9,\), expected \(N, ...\)"),
        (normal(9), np.arange(9.0), r"training images have shape \(9,\)"),
        (normal(9, d=0), normal(9, d=0), r"generated images have shape \(9, 0\)"),
        (
            normal(9, d=5),
            normal(9),
            r"generated images are \(5,\), training images \(6,\), expected the same",
        ),
        (normal(9).astype(str), normal(9), "generated images are <U32, expected numbers"),
        (normal(9), normal(9).astype(object), "training images are object, expected numbers"),
        (
            normal(9),
            np.ones((9, 6), np.uint8),
            "generated images are float64, training images uint8, .*one scale",
        ),
        (np.full((9, 6), np.nan), normal(9), r"generated images hold NaN.* in image 0 \(9 images"),
        (normal(9), np.diag([1, 1, 1, np.inf, 1, 1]), r"training images hold NaN.* in image 3 \(1 images"),
    ],
)
def test_bad_images_are_refused(generated, training, message):
    with pytest.raises(InputError, match=message):
        memorisation(generated, training)


@pytest.mark.parametrize(
    "options", [{"n_baseline": 0}, {"quantile": 0}, {"quantile": 1}, {"quantile": np.nan}]
)
def test_bad_options_are_refused(options):
    with pytest.raises(InputError, match="expected n_baseline >= 1 and a quantile between 0 and 1"):
        memorisation(normal(9), normal(9), **options)


def test_each_group_has_its_own_threshold():
    rng = np.random.default_rng(0)
    dim, bright = normal(300, seed=1) / 10, normal(300, seed=2) + 50
    training, groups = np.concatenate([dim, bright]), np.repeat([0, 1], 300)
    copies = (
        bright[:20] + rng.normal(size=bright[:20].shape) / 20
    )  # closer than bright images are, not than dim
    fresh = normal(300, seed=3) / 10
    pooled = memorisation(np.concatenate([copies, fresh]), training)
    split = memorisation(np.concatenate([copies, fresh]), training, groups)
    assert split.suspects[:20].all()
    assert split.suspects[20:].mean() < 0.05
    assert split.threshold.shape == (2,)
    assert split.threshold[0] < pooled.threshold[0] < split.threshold[1]
    assert not pooled.suspects[:20].all()


@pytest.mark.parametrize("groups", [np.zeros(3, int), np.full(30, -1), np.zeros(30)])
def test_bad_groups_are_named(groups):
    with pytest.raises(InputError, match="expected an integer from 0 for each of the 30"):
        memorisation(normal(2), normal(30, seed=1), groups)


def test_blocks_of_training_images_give_what_all_at_once_give(held_out, training, monkeypatch):
    training = np.concatenate([training, training[:40], training[:40]])  # with duplicates
    at_once, converted = memorisation(to_float(held_out), to_float(training)), []

    def convert(pixels):
        converted.append(len(pixels))
        return to_float(pixels)

    monkeypatch.setattr("repfair_keras.metrics.memorisation.BLOCK", 4 * 784 * 700)
    in_blocks = memorisation(to_float(held_out), training, convert=convert)
    assert len(training) > 2000 >= max(converted), "the baseline's 2,000 at most"
    assert sorted(set(converted))[-2] == 700
    np.testing.assert_array_equal(in_blocks.distance, at_once.distance)
    np.testing.assert_array_equal(training[in_blocks.nearest], training[at_once.nearest])
    np.testing.assert_array_equal(in_blocks.threshold, at_once.threshold)
    assert in_blocks.nndr_real == at_once.nndr_real


def test_a_long_search_shows_how_far_it_is(monkeypatch):
    monkeypatch.setattr("repfair_keras.metrics.memorisation.BLOCK", 4 * 6 * 50)
    lines = io.StringIO()
    with Progress({"report": (1, 20.0)}, lines, itertools.count(0, 10).__next__):
        memorisation(normal(20), normal(100, seed=1))
    told = [line.split(",")[0] for line in lines.getvalue().splitlines()]
    assert told == [f"search for copies {n} of 4" for n in (1, 2, 3, 4)]
