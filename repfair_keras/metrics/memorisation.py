"""Does the generator copy training images? Distances to the nearest of them, against those of real images."""

from dataclasses import dataclass

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.progress import advance

STAGE = "search for copies"
BLOCK = 2**25  # bytes of training images, as floats, that are searched at a time
PAIRS = 200  # images whose distances are taken together


@dataclass(frozen=True, eq=False)
class Memorisation:
    """How far generated images are from the training set, and how far real images are from each other.

    Args:
        distance: shape `(N,)`, L2 distance of each generated image to its nearest training image; copy: 0.
        nearest: integers, shape `(N,)`, index of that training image.
        distance_ratio: median over the generated images of `distance` over the usual distance of a training
            image (of the group of the nearest) to its nearest other. As close as real images are to each
            other: about 1; copies: near 0. `None` if a usual distance is 0, by many exact duplicates.
        nndr: median of nearest over second nearest distance, of generated images. In [0, 1]; copies: near 0.
        nndr_real: the same of training images among the others: the value to compare `nndr` with.
        threshold: shape `(k,)`, distance below which only the `quantile` of a group's training images lie
            from their nearest other.
        suspects: booleans, shape `(N,)`, generated images closer than the threshold of the group of their
            nearest training image, and exact copies always.
        quantile: the share of suspects expected of images as far from the training set as real ones are.
    """

    distance: np.ndarray
    nearest: np.ndarray
    distance_ratio: float | None
    nndr: float
    nndr_real: float
    threshold: np.ndarray
    suspects: np.ndarray
    quantile: float


def memorisation(generated, training, groups=None, seed=0, n_baseline=2000, quantile=0.01, convert=None):
    """Compares generated images with their nearest training images.

    The baseline are training images against all other training images. It tells copies from images that are
    close because all images of the data set, or of a group, are: dark images are closer to each other than
    bright ones. Pixels find copies, not variations: a shifted copy is far.

    Args:
        generated: numbers, shape `(N, ...)`, N >= 1.
        training: numbers, shape `(M, ...)`, M >= 3, on the scale of `generated`.
        groups: integers from 0, shape `(M,)`, group of each training image; `None`: one for all.
        seed: of the training images drawn for the baseline.
        n_baseline: how many to draw from each group, at least 1; all of them where it is smaller.
        quantile: share of the baseline below `threshold`, in (0, 1).
        convert: function from some training images to the scale of `generated`, so that bytes need not be
            floats all at once; `None`: they are on it.

    Returns:
        `Memorisation`.

    Raises:
        InputError: if arrays are empty, of different shapes or scales, or hold NaN or infinity.

    Reference: nearest-neighbour distance ratio of Lowe, "Distinctive Image Features ..." (2004), section 7.1.
    """
    if n_baseline < 1 or not 0 < quantile < 1:
        raise InputError(
            f"n_baseline={n_baseline}, quantile={quantile}: expected n_baseline >= 1 and a quantile between "
            "0 and 1, such as 2000 and 0.01."
        )
    generated, training = _checked(generated, "generated", 1), _checked(training, "training", 3)
    rows_of = _rows_of(training, convert)
    _check_pair(generated, training if convert is None else convert(training[:1]))
    generated = _rows(generated, "generated")
    groups = _checked_groups(groups, len(training))
    shuffled = np.random.default_rng(seed).permutation(len(training))
    members = [shuffled[groups[shuffled] == group][:n_baseline] for group in range(groups.max() + 1)]
    drawn = np.concatenate(members)
    distances, nearest = _two_nearest(generated, rows_of, len(training))
    real_distances, _ = _two_nearest(rows_of(drawn), rows_of, len(training), itself=drawn)
    real = [real_distances[groups[drawn] == group, 0] for group in range(len(members))]
    usual, threshold = (
        np.array([np.quantile(row, level) if len(row) else np.nan for row in real])
        for level in (0.5, quantile)
    )
    distance, group = distances[:, 0], groups[nearest]
    return Memorisation(
        distance=distance,
        nearest=nearest,
        distance_ratio=float(np.median(distance / usual[group])) if np.all(usual[group] > 0) else None,
        nndr=_nndr(distances),
        nndr_real=_nndr(real_distances),
        threshold=threshold,
        # Duplicates in the training set make the threshold 0, and nothing is below it.
        suspects=(distance < threshold[group]) | (distance == 0),
        quantile=quantile,
    )


def _checked_groups(groups, n):
    groups = np.zeros(n, dtype=int) if groups is None else np.asarray(groups)
    if groups.shape != (n,) or groups.dtype.kind not in "iu" or groups.min() < 0:
        raise InputError(
            f"groups are {groups.dtype} of shape {groups.shape}, expected an integer from 0 for each of "
            f"the {n} training images."
        )
    return groups


def _two_nearest(images, rows_of, n, itself=None):
    """Finds the two nearest training images, in blocks.

    Args:
        images: shape `(N, D)`.
        rows_of: function from a slice to training images, shape `(m, D)`.
        n: number of training images.
        itself: integers, shape `(N,)`, a training image each that does not count.

    Returns:
        distances, shape `(N, 2)`, nearest first, and the index of the nearest, shape `(N,)`.
    """
    size, wanted = max(BLOCK // (4 * images.shape[1]), 1), 2 if itself is None else 3
    starts, parts = range(0, n, size), []
    for start in starts:
        parts.append(_nearest_in(rows_of(slice(start, start + size)), images, wanted, start))
        advance(STAGE, total=2 * len(starts))  # generated images, then those of the baseline
    distances, index = (np.concatenate(side, axis=1) for side in zip(*parts, strict=True))
    if itself is not None:
        distances[index == itself[:, None]] = np.inf
    order = distances.argsort(axis=1, kind="stable")[:, :2]
    distances, index = (np.take_along_axis(values, order, axis=1) for values in (distances, index))
    return distances, index[:, 0]


def _nearest_in(block, images, wanted, start):
    """Distances to the nearest images of a block, and their indices, which begin at `start`."""
    from sklearn.neighbors import NearestNeighbors

    neighbours = NearestNeighbors(n_neighbors=min(wanted, len(block)), algorithm="brute").fit(block)
    index = neighbours.kneighbors(images, return_distance=False)
    # From differences, not from products as the search does: 0 for a copy.
    distances = np.stack([_distances(images, block, column) for column in index.T], axis=1)
    return distances.astype(np.float64), index + start


def _distances(images, block, index):
    """Distance of each image to that of a block, some at a time: differences take as much room as images."""
    rows = [slice(start, start + PAIRS) for start in range(0, len(images), PAIRS)]
    return np.concatenate([np.linalg.norm(images[row] - block[index[row]], axis=1) for row in rows])


def _nndr(distances):
    """Median of nearest over second nearest; 0 / 0, a copy of a duplicated image, is 0 as any copy is."""
    first, second = distances.T
    return float(np.median(np.divide(first, second, out=np.zeros_like(first), where=second > 0)))


def _checked(images, side, at_least):
    images = images if hasattr(images, "dtype") else np.asarray(images)  # a file of images stays one
    if images.ndim < 2 or len(images) < at_least or 0 in images.shape:
        raise InputError(
            f"{side} images have shape {images.shape}, expected (N, ...), N >= {at_least}: pass more images."
        )
    if images.dtype.kind not in "fiu":
        raise InputError(f"{side} images are {images.dtype}, expected numbers: convert them.")
    return images


def _check_pair(generated, training):
    if generated.shape[1:] != training.shape[1:]:
        raise InputError(
            f"generated images are {generated.shape[1:]}, training images {training.shape[1:]}, expected the "
            "same shape: resize one of them."
        )
    if (generated.dtype.kind == "f") != (training.dtype.kind == "f"):
        raise InputError(
            f"generated images are {generated.dtype}, training images {training.dtype}, expected one scale: "
            "convert both to bytes, or both to floats of the same range."
        )


def _rows_of(training, convert):
    """Function from indices to training images as `_rows`."""
    return lambda index: _rows(training[index] if convert is None else convert(training[index]), "training")


def _rows(images, side):
    rows = np.ascontiguousarray(images.reshape(len(images), -1), dtype=np.float32)
    broken = ~np.isfinite(rows).all(axis=1)
    if broken.any():
        raise InputError(
            f"{side} images hold NaN or infinity in image {broken.argmax()} ({broken.sum()} images in all), "
            "expected finite numbers: look at that image."
        )
    return rows
