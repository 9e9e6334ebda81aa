"""Generators whose groups are known, and a classifier that never errs, to test exact numbers with."""

import numpy as np

from repfair_keras.export.image_sampler import GeneratedImages

GROUPS, CLASSES = ("black", "white"), ("0", "1", "2")


class Coin:
    """A generator of images that are all -1 or all 1, a share of them 1, for each label; some are grey."""

    takes_groups = False

    def __init__(self, share, takes_labels=True, grey=0.0):
        self.share, self.takes_labels, self.grey = share, takes_labels, grey
        self.group_names, self.class_names = GROUPS, CLASSES
        self.seeds = []  # of every round

    def generate(self, n, seed, labels=None, groups=None):
        if n > 1:  # one image alone makes the network ready
            self.seeds.append(seed)
        rng = np.random.default_rng(seed)
        share = (
            self.share if np.isscalar(self.share) else np.array(self.share)[0 if labels is None else labels]
        )
        values = np.where(rng.random(n) < share, 1.0, -1.0)
        values[rng.random(n) < self.grey] = 0
        return GeneratedImages(uniform_images(values), labels, groups)


class Obedient(Coin):
    """Makes the group that it is told."""

    takes_groups = True

    def generate(self, n, seed, labels=None, groups=None):
        return GeneratedImages(uniform_images(2.0 * groups - 1), labels, groups)


class Eye:
    """Sees the group of such images, grey ones as undecided."""

    def __init__(self, confusion=((100, 0, 0), (0, 100, 0))):
        self.confusion = None if confusion is None else np.array(confusion)

    def decide(self, images):
        mean = images.mean(axis=(1, 2, 3))
        return np.where(mean == 0, -1, (mean > 0).astype(int))


def uniform_images(values):
    """float32 images, shape `(n, 4, 4, 1)`, each of one value."""
    return (np.asarray(values)[:, None, None, None] * np.ones((1, 4, 4, 1))).astype(np.float32)
