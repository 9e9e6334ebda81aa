"""The part of a report that says how good the images are: overall, per group and per class.

Every number is beside the one that real images reach: the same metric, on as many images, between two sets of
real ones. Where groups are compared, each has the same number of images, since FID and coverage depend on it.
"""

import numpy as np

from repfair_keras.data.grouped import to_float
from repfair_keras.data.reference import balanced_order
from repfair_keras.metrics.disaggregation import Disaggregated
from repfair_keras.metrics.quality import HIGHER_IS_BETTER, quality

MOST = 10_000  # images on each side: then the noise of FID is small, and the time too
FEWEST = 2  # images per feature, below which a group is not measured
FEWEST_OF_ALL = 10  # images, below which nothing is


class Comparison:
    """Real images in the order in which they are to be used, with their features, and the generated ones.

    Args:
        extractor: `Extractor`.
        reference: `GroupedData` of real images.
        features: features of the generated images, shape `(N, D)`.
        groups: group of each generated image, shape `(N,)`, -1 undecided.
        labels: label each generated image was made for, shape `(N,)`; `None` without classes.
        target: shares of the groups, one per group, that the real images are to have.
        seed: seed of every choice of images.
    """

    def __init__(self, extractor, reference, features, groups, labels, target, seed):
        strata = wanted = None
        if labels is not None:
            strata, wanted = reference.labels, np.bincount(labels, minlength=reference.n_classes)
        order = balanced_order(reference.groups, target, strata, wanted, seed)[: 2 * MOST]
        self.real = extractor.features(to_float(reference.pixels[order]))
        self.real_groups = reference.groups[order]
        self.real_labels = None if labels is None else reference.labels[order]
        shuffled = np.random.default_rng(seed).permutation(len(features))
        self.generated, self.groups = features[shuffled], groups[shuffled]
        self.labels = None if labels is None else labels[shuffled]
        self.seed, self.fewest = seed, FEWEST * features.shape[1]

    def overall(self):
        """Returns n, quality of the generated images, and of real ones in their place."""
        every = np.ones(len(self.real), bool), np.ones(len(self.generated), bool)
        n = self.size(*every)
        return n, *self.measure(n, *every)

    def split(self, names, real, generated):
        """Quality of each group, or each class, on the same number of images.

        Args:
            names: one name per group.
            real, generated: integers, group of each real and of each generated image.

        Returns:
            n: images per group on each side, `None` if no group has enough.
            generated, real: lists of one dict of metrics per group, `None` for one with too few.
        """
        masks = [(real == group, generated == group) for group in range(len(names))]
        sizes = [self.size(*mask) for mask in masks]
        enough = [size for size in sizes if size >= self.fewest]
        if not enough:
            return None, [None] * len(names), [None] * len(names)
        n = min(enough)
        found = [
            self.measure(n, *mask) if size >= n else (None, None)
            for size, mask in zip(sizes, masks, strict=True)
        ]
        return n, *map(list, zip(*found, strict=True))

    def size(self, real, generated):
        """Images to use on each side: of the real ones half, the other half stands in for a generator."""
        return int(min(np.count_nonzero(real) // 2, np.count_nonzero(generated), MOST))

    def measure(self, n, real, generated):
        """Quality of n of the generated images that a mask chooses, and of n real ones."""
        if n < FEWEST_OF_ALL:
            return None, None
        first, second = self.real[real][:n], self.real[real][n : 2 * n]
        of = [quality(first, other, seed=self.seed) for other in (self.generated[generated][:n], second)]
        return of[0], of[1]


def quality_report(extractor, reference, features, assigned, labels, target, seed=0):
    """Returns the report's part `quality`.

    Args:
        extractor: `Extractor`.
        reference: `GroupedData` of real images.
        features: features of the generated images, shape `(N, D)`.
        assigned: group of each generated image, shape `(N,)`, -1 undecided.
        labels: label each generated image was made for, shape `(N,)`; `None` without classes.
        target: shares of the groups, one per group, that the real images are to have.
        seed: seed of every choice of images.

    Returns:
        dict of `extractor`, `n`, `n_by_group`, `n_by_class`, `overall`, `real`, `by_group`,
        `real_by_group`, `by_class`, `real_by_class` and `notes`.
    """
    comparison = Comparison(extractor, reference, features, assigned, labels, target, seed)
    n, overall, real = comparison.overall()
    report = {"extractor": _identity(extractor), "n": n, "overall": overall, "real": real, "notes": []}
    if overall is None:
        report["notes"].append(f"{n} images on each side are too few to measure quality: draw more.")
    splits = [("group", reference.group_names, comparison.real_groups, comparison.groups)]
    if labels is not None:
        splits.append(("class", reference.class_names, comparison.real_labels, comparison.labels))
    for what, names, real_side, generated_side in splits:
        n, found, real_found = comparison.split(names, real_side, generated_side)
        report[f"n_by_{what}"] = n
        report[f"by_{what}"] = _disaggregated(names, overall, found, f"by_{what}")
        report[f"real_by_{what}"] = _disaggregated(names, real, real_found, f"by_{what}")
        few = [name for name, row in zip(names, found, strict=True) if row is None]
        if few:
            report["notes"].append(
                f"{what} {', '.join(few)}: fewer than {comparison.fewest} images "
                f"({FEWEST} per feature), so its quality is not measured."
            )
    return {"n_by_class": None, "by_class": {}, "real_by_class": {}, **report}


def _identity(extractor):
    return {
        "hash": extractor.hash,
        "features": extractor.size,
        "label_accuracy": extractor.accuracy.get("label", {}).get("overall"),
        "group_accuracy": extractor.accuracy["group"]["overall"],
    }


def _disaggregated(names, overall, rows, key):
    if overall is None:
        return {}
    return {
        metric: Disaggregated(
            tuple(names), overall[metric], tuple(row and row[metric] for row in rows), higher
        ).to_dict(key)
        for metric, higher in HIGHER_IS_BETTER.items()
    }
