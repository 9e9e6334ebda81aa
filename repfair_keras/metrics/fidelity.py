"""How close generated images are to real ones.

Every function takes features of images, not pixels: arrays of shape `(N, D)` from one extractor. Numbers from
different extractors, or from different numbers of images, do not compare.
"""

import numpy as np

from repfair_keras.core.errors import InputError

BLOCK_MB = 16  # of distances or kernel values held at once: fits a processor's cache, and is faster than more
TIE = 1 - 1e-9  # an image exactly on the radius is outside, whichever way its distance is rounded


def quality(real, generated, k=5, seed=0):
    """All six metrics.

    Args:
        real: floats, shape `(N, D)`, features of real images, N > `k`.
        generated: floats, shape `(M, D)`, features of generated images, M > `k`.
        k: neighbours, see `precision_recall_density_coverage`.
        seed: see `kernel_distance`.

    Returns:
        dict with the keys of `metrics.catalog.QUALITY`, in that order. `fid` is `None` if a side has fewer
        than D + 1 images.

    Raises:
        InputError: see the single metrics.
    """
    real, generated = _pair(real, generated)
    enough = min(len(real), len(generated)) > real.shape[1]
    return {
        "fid": frechet_distance(real, generated) if enough else None,
        "kid": kernel_distance(real, generated, seed),
        **precision_recall_density_coverage(real, generated, k),
    }


def frechet_distance(real, generated):
    """Fréchet distance between two Gaussians, `||m_r - m_g||^2 + tr(S_r + S_g - 2 (S_r S_g)^(1/2))`.

    It is biased upward by few images, so compare at one N only.

    Args:
        real: floats, shape `(N, D)`, N >= D + 1.
        generated: floats, shape `(M, D)`, M >= D + 1.

    Returns:
        float. Same mean and covariance: 0. Range: 0 or more, in squared units of the features.

    Raises:
        InputError: if a side has fewer than D + 1 images, or features that `quality` refuses.

    Reference: Heusel et al., "GANs Trained by a Two Time-Scale Update Rule ..." (2017), equation 6;
        covariances divide by N - 1.
    """
    real, generated = _pair(real, generated)
    for side, features in (("real", real), ("generated", generated)):
        n, d = features.shape
        if n <= d:
            raise InputError(
                f"{n} {side} images are too few for a Fréchet distance of {d} features: at least {d + 1} are "
                "needed on each side. Use more images, fewer features, or kernel_distance."
            )
    mean = real.mean(axis=0) - generated.mean(axis=0)
    covariances = [np.atleast_2d(np.cov(features, rowvar=False)) for features in (real, generated)]
    root_r, root_g = map(_root, covariances)
    # (S_r S_g)^(1/2) has the trace of the singular values of S_r^(1/2) S_g^(1/2): real, and exact near 0.
    trace = sum(map(np.trace, covariances)) - 2 * np.linalg.norm(root_r @ root_g, "nuc")
    return max(0.0, float(mean @ mean + trace))  # rounding may leave -1e-15


def kernel_distance(real, generated, seed=0, max_images=20_000):
    """Kernel distance: unbiased squared maximum mean discrepancy with the kernel `(x.y / D + 1)^3`.

    Runs over all pairs of images, not over random subsets as other programs do, so that it has no noise of
    its own. Being unbiased it can be negative: read that as 0, two sets that cannot be told apart. Two halves
    of one set scatter about 0; a set against itself gives less than 0.

    Args:
        real: floats, shape `(N, D)`, N >= 2.
        generated: floats, shape `(M, D)`, M >= 2; M may differ from N.
        seed: of the images drawn where a side has more than `max_images`; without use otherwise.
        max_images: on each side, at least 2.

    Returns:
        float. Same distribution: 0 on average. Range: any; no upper end.

    Raises:
        InputError: if a side has fewer than 2 images, or features that `quality` refuses.

    Reference: Bińkowski et al., "Demystifying MMD GANs" (2018): KID.
    """
    if max_images < 2:
        raise InputError(f"max_images is {max_images}, expected 2 or more: leave it at 20000.")
    generator = np.random.default_rng(seed)
    real, generated = (
        features
        if len(features) <= max_images
        else features[generator.choice(len(features), max_images, replace=False)]
        for features in _pair(real, generated, at_least=2, metric="a kernel distance")
    )
    across = _kernel_sum(real, generated) / (len(real) * len(generated))
    return float(_kernel_mean(real) + _kernel_mean(generated) - 2 * across)


def precision_recall_density_coverage(real, generated, k=5):
    """Are generated images like real ones, and are all kinds of real images among them?

    The ball around an image reaches to its k-th nearest neighbour on its own side, itself not counted, and
    does not hold that neighbour.

    Args:
        real: floats, shape `(N, D)`, N > `k`.
        generated: floats, shape `(M, D)`, M > `k`.
        k: neighbours, at least 1. Numbers of different k do not compare.

    Returns:
        dict of floats. `precision`: share of generated images in any real ball; `recall`: share of real
        images in any generated ball; `density`: real balls around a generated image, on average, over k;
        `coverage`: share of real balls that hold any generated image. Range: 0 to 1, `density` may exceed 1.
        Same distribution: density about 1, coverage about `1 - 2^-k` for N = M; precision and recall depend
        on the data, compare them with those of two halves of the real images.

    Raises:
        InputError: if a side has `k` images or fewer, or features that `quality` refuses.

    Reference: Kynkäänniemi et al., "Improved Precision and Recall Metric ..." (2019), section 2;
        Naeem et al., "Reliable Fidelity and Diversity Metrics ..." (2020), section 3.
    """
    from sklearn.metrics import pairwise_distances_chunked

    if not (isinstance(k, int | np.integer) and k >= 1):
        raise InputError(f"k is {k}, expected a whole number of neighbours, 1 or more: the usual one is 5.")
    real, generated = _pair(real, generated, at_least=k + 1, metric=f"neighbours with k={k}")
    centre = real.mean(axis=0)  # distances from products lose digits far from 0
    real, generated = real - centre, generated - centre
    real_radii, generated_radii = _squared_radii(real, k), _squared_radii(generated, k)
    balls = np.zeros(len(generated))
    recalled, covered = np.zeros(len(real), dtype=bool), np.zeros(len(real), dtype=bool)
    start = 0
    for squared in pairwise_distances_chunked(generated, real, squared=True, working_memory=BLOCK_MB):
        rows = slice(start, start + len(squared))
        inside = squared < real_radii
        balls[rows] = inside.sum(axis=1)
        covered |= inside.any(axis=0)
        recalled |= (squared < generated_radii[rows, None]).any(axis=0)
        start = rows.stop
    return {
        "precision": float((balls > 0).mean()),
        "recall": float(recalled.mean()),
        "density": float(balls.mean() / k),
        "coverage": float(covered.mean()),
    }


def _root(covariance):
    """Symmetric square root of a covariance matrix."""
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(values.clip(min=0))) @ vectors.T


def _kernel_mean(features):
    """Mean of the kernel over all pairs of two different images of one side."""
    n, d = features.shape
    itself = (np.square(features).sum(axis=1) / d + 1) ** 3
    return (_kernel_sum(features, features) - itself.sum()) / (n * (n - 1))


def _kernel_sum(a, b):
    """Sum of the kernel over all rows of `a` and all rows of `b`, some rows of `a` at a time."""
    rows = max(1, BLOCK_MB * 2**20 // (b.itemsize * len(b)))
    total = 0.0
    for start in range(0, len(a), rows):
        block = (a[start : start + rows] / a.shape[1]) @ b.T
        block += 1
        total += np.vdot(block * block, block)  # `block ** 3` takes many times as long
    return total


def _squared_radii(features, k):
    """Squared distance of each image to its k-th neighbour, itself not counted."""
    from sklearn.neighbors import NearestNeighbors

    neighbours = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(features)
    last = neighbours.kneighbors(return_distance=False)[:, -1]
    return TIE * np.square(features - features[last]).sum(axis=1)  # from differences: exact near 0


def _pair(real, generated, at_least=1, metric="a quality metric"):
    """Checks both sides and returns them as float64 arrays."""
    real, generated = _checked(real, "real"), _checked(generated, "generated")
    if real.shape[1] != generated.shape[1]:
        raise InputError(
            f"{real.shape[1]} real but {generated.shape[1]} generated features per image, expected as many: "
            "take both from the same extractor."
        )
    for side, features in (("real", real), ("generated", generated)):
        if len(features) < at_least:
            raise InputError(
                f"{len(features)} {side} images are too few for {metric}: expected at least {at_least} on "
                "each side. Use more images."
            )
    return real, generated


def _checked(features, side):
    features = np.asarray(features)
    if features.ndim != 2 or features.size == 0:
        raise InputError(
            f"{side} features have shape {features.shape}, expected (N, D), N >= 1 images, D >= 1 features: "
            "pass one row per image."
        )
    if not np.issubdtype(features.dtype, np.floating):
        raise InputError(
            f"{side} features are {features.dtype}, expected floating point: convert them, or pass features "
            "instead of pixels."
        )
    broken = ~np.isfinite(features).all(axis=1)
    if broken.any():
        raise InputError(
            f"{side} features hold NaN or infinity in row {broken.argmax()} ({broken.sum()} rows in all), "
            "expected finite numbers: look at that image and at the extractor."
        )
    return np.ascontiguousarray(features, dtype=np.float64)
