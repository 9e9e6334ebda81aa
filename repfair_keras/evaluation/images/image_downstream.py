"""What classifiers learn from generated digits whose colour is the group: is it held against a digit?"""

import numpy as np

from repfair_keras.data.images.dataset import to_float
from repfair_keras.data.images.stored import parts_of
from repfair_keras.metrics.downstream import CLASSIFIERS, Rows, baseline, downstream, trained_on
from repfair_keras.registry import lookup, names

MOST_ROWS = 10_000  # that a classifier is trained on, of each kind
SIDE = 16  # pixels of a side that a classifier sees at most


def image_downstream(images, groups, labels, reference, training, seed=0):
    """Trains classifiers of the class on generated images, and measures them on real ones.

    As for tables, a classifier sees what an image shows but for its group, and the group: a digit in grey,
    and its colour. To set the group of an image is to paint it over. The positive classes are
    `positive_classes`.

    Args:
        images: float32 in [-1, 1], generated, shape `(N, height, width, channels)`.
        groups: int, shape `(N,)`, group each image was made for, or shows.
        labels: int, shape `(N,)`, class each image was made for, or shows.
        reference: `ImageDataset` with classes; up to 10,000 of its images, at most half, are tested on.
        training: `ImageDataset` with classes that the generator was trained on. What of it is tested on, in
            any colour, is left out.
        seed: seed of classifiers, bootstraps and choices of images.

    Returns:
        downstream: dict of classifier to dict of what it was trained on, see `metrics.downstream.trained_on`, to
            metrics; `None` where there are no classes, the group cannot be taken out, or all that could be trained
            on is tested on.
        tested: `metrics.downstream.baseline` of what it was tested on; `None` likewise.
    """
    plain = taken_out(reference.grouping)
    if plain is None or reference.labels is None or training.labels is None:
        return None, None
    rng = np.random.default_rng(seed)
    tested = _some(rng, np.arange(len(reference)), len(reference) // 2)
    known = {image.tobytes() for image in plain(reference.pixels[tested])}
    every = (image for part in parts_of(training.pixels) for image in plain(part))
    unseen = [i for i, image in enumerate(every) if image.tobytes() not in known]
    if not unseen:
        return None, None
    trained = _some(rng, np.array(unseen, int), len(unseen))
    half = reference.n_classes - len(positive_classes(reference.class_names))

    def rows_of(images, groups, labels):
        return Rows(_pixels(plain(images)), np.asarray(groups), np.asarray(labels) >= half)

    def real(data, rows):
        return rows_of(to_float(data.pixels[rows]), data.groups[rows], data.labels[rows])

    shown = _some(rng, np.arange(len(images)), len(images))
    test = real(reference, tested)
    made = rows_of(images[shown], groups[shown], labels[shown])
    sides = trained_on(real(training, trained), made, reference.n_groups, seed)
    found = {
        name: {side: downstream(rows, test, reference.n_groups, name, seed) for side, rows in sides.items()}
        for name in CLASSIFIERS
    }
    return found, baseline(test.targets)


def positive_classes(class_names):
    """Names of the classes that classifiers tell from the others: the upper half."""
    return list(class_names[len(class_names) // 2 :])


def taken_out(grouping):
    """Function that takes the group out of images, see `data.transforms.Transform`; `None` without."""
    return lookup("grouping", grouping).plain if grouping in names("grouping") else None


def _some(rng, rows, most):
    return np.sort(rng.permutation(rows)[: min(most, MOST_ROWS)])


def _pixels(images):
    """Grey images as rows of features in [0, 1], means of squares of pixels: at most 16 to a side."""
    n, height, width, _ = images.shape
    square = max(1, -(-max(height, width) // SIDE))
    cut = images[:, : height - height % square, : width - width % square, 0]
    cells = cut.reshape(n, height // square, square, width // square, square)
    return (cells.mean(axis=(2, 4)).reshape(n, -1) + 1) / 2
