"""The part of a report that says how good the images are: overall, per group and per class.

Every number is beside the one that real images reach: the same metric, on as many images, between two sets of
real ones. Where groups are compared, each has the same number of images, since FID and coverage depend on it.
"""

import numpy as np

from repfair_keras.data.images.reference import balanced_order, halves
from repfair_keras.metrics.catalog import QUALITY, metric_info
from repfair_keras.metrics.disaggregation import Disaggregated
from repfair_keras.metrics.fidelity import quality
from repfair_keras.metrics.representation import total_variation

MOST = 10_000  # images on each side: then the noise of FID is small, and the time too
FEWEST = 2  # images per feature, below which FID says little and a group is not measured
FEWEST_OF_ALL = 10  # images, below which nothing is measured
MOST_STRANGERS = 0.1  # share of the images of a group that are of others, above which a note says so
LEAST_KAPPA = 0.5  # of the extractor: half of the way from a guess to being always right
OTHER_CLASSES = 0.02  # total variation between the classes of sample and real images that is worth a note


class Comparison:
    """Real and generated images as features, and how the sets that are compared are drawn from them.

    Args:
        extractor: where features come from: `FeatureExtractor`, or one of `features`.
        reference: `ImageDataset` of real images.
        features: features of the generated images, shape `(N, D)`.
        groups: integers, group of each generated image, shape `(N,)`.
        labels: label each generated image was made for, shape `(N,)`; `None` without classes.
        target: shares of the groups, one per group, that the real images are to have.
        seed: seed of every choice of images.
        real: features of the real images, shape `(M, D)`; `None`: the extractor is asked for them.
    """

    def __init__(self, extractor, reference, features, groups, labels, target, seed, real=None):
        self.data, self.target, self.seed = reference, target, seed
        self.real = extractor.real(reference) if real is None else real
        shuffled = np.random.default_rng(seed).permutation(len(features))
        self.generated, self.groups = features[shuffled], groups[shuffled]
        self.labels = None if labels is None else labels[shuffled]
        self.fewest = FEWEST * features.shape[1]

    def overall(self):
        """Rows of real images, with the target's shares of groups, and of generated ones: all."""
        every = np.arange(len(self.generated))
        return self._order(self.data.groups, self.target, *self._classes(every)), every

    def of_group(self, group):
        """Rows of the real and of the generated images of a group, their classes in the same shares."""
        rows, generated = np.flatnonzero(self.data.groups == group), np.flatnonzero(self.groups == group)
        strata, wanted = self._classes(generated)
        strata = None if strata is None else strata[rows]
        order = self._order(np.zeros(len(rows), int), np.ones(1), strata, wanted)
        return rows[order], generated

    def of_class(self, label):
        """Rows of the real and of the generated images of a class; the real groups as the target has them."""
        rows, generated = np.flatnonzero(self.data.labels == label), np.flatnonzero(self.labels == label)
        there = np.unique(self.data.groups[rows])  # a class may have no real image of a group
        shares = self.target[there] / self.target[there].sum()
        groups = np.searchsorted(there, self.data.groups[rows])
        return rows[self._order(groups, shares)], generated

    def size(self, real, generated):
        """Images to use on each side: of the real ones half, the other half stands in for a generator."""
        return int(min(len(real) // 2, len(generated), MOST))

    def measure(self, n, real, generated):
        """Quality of the first n generated images, and of real ones in their place."""
        if n < FEWEST_OF_ALL:
            return None, None
        strata = [self.data.groups] if self.labels is None else [self.data.groups, self.data.labels]
        first, second = (self.real[rows] for rows in halves(real[: 2 * n], *strata))
        sides = (self.generated[generated[:n]], second)
        return tuple(quality(first, side, seed=self.seed) for side in sides)

    def other_classes(self, n, real):
        """Total variation between the classes of the real images that are used and of the sample."""
        if self.labels is None or n == 0:
            return 0.0
        used, made = (
            np.bincount(labels, minlength=self.data.n_classes) / len(labels)
            for labels in (self.data.labels[real[: 2 * n]], self.labels)
        )
        return total_variation(used, made)

    def _order(self, groups, shares, strata=None, wanted=None):
        """Rows of real images in which the classes have the sample's shares, unless that leaves too few."""
        order = balanced_order(groups, shares, strata, wanted, self.seed)
        if len(order) < 2 * self.fewest:
            order = balanced_order(groups, shares, strata, wanted, self.seed, to_the_end=False)
        return order

    def _classes(self, generated):
        """Classes of the real images, and how many of each these generated ones were made for."""
        if self.labels is None:
            return None, None
        return self.data.labels, np.bincount(self.labels[generated], minlength=self.data.n_classes)


def quality_report(extractor, reference, features, groups, labels, target, seed=0, real=None):
    """Returns the report's part `quality`.

    Args:
        extractor: where features come from: `FeatureExtractor`, or one of `features`.
        reference: `ImageDataset` of real images.
        features: features of the generated images, shape `(N, D)`.
        groups: integers, group of each generated image, shape `(N,)`. For an unclear one that to which the
            classifier leans, or the worst images of a group would not count against it; `None` where groups
            cannot be told: then quality per group is not measured.
        labels: label each generated image was made for, shape `(N,)`; `None` without classes.
        target: shares of the groups, one per group, that the real images are to have.
        seed: seed of every choice of images.
        real: features of the real images, shape `(M, D)`; `None`: the extractor is asked for them.

    Returns:
        dict of `extractor`, `n`, `n_by_group`, `n_by_class`, `overall`, `real`, `by_group`,
        `real_by_group`, `by_class`, `real_by_class` and `notes`.
    """
    unknown = list(not_measurable(extractor, reference))
    if unknown:
        nothing = {
            "n": None,
            "overall": None,
            "real": None,
            "notes": unknown,
            "n_by_group": None,
            "n_by_class": None,
        }
        of_parts = {f"{side}by_{what}": {} for side in ("", "real_") for what in ("group", "class")}
        return {"extractor": _identity(extractor, features), **nothing, **of_parts, "notes": unknown}
    told = np.zeros(len(features), int) if groups is None else groups
    comparison = Comparison(extractor, reference, features, told, labels, target, seed, real)
    rows = comparison.overall()
    n = comparison.size(*rows)
    overall, of_real = comparison.measure(n, *rows)
    report = {"extractor": _identity(extractor, features), "n": n, "overall": overall, "real": of_real}
    report["notes"] = list(_notes(comparison, n, rows[0]))
    if overall is not None and n < comparison.fewest:
        overall["fid"] = of_real["fid"] = None
    for what in ("group", "class"):
        report |= {f"n_by_{what}": None, f"by_{what}": {}, f"real_by_{what}": {}}
    splits, blind = [], list(blind_to_groups(extractor))
    if groups is None:
        report["notes"].append("Quality per group is not measured, since the groups cannot be told.")
    elif blind:
        report["notes"] += blind
    else:
        splits.append(("group", reference.group_names, comparison.of_group))
    if labels is not None:
        splits.append(("class", reference.class_names, comparison.of_class))
    for what, names, rows_of in splits:
        n, found, real_found, notes = _split(comparison, what, names, rows_of)
        report[f"n_by_{what}"] = n
        report[f"by_{what}"] = _disaggregated(names, overall, found, f"by_{what}")
        report[f"real_by_{what}"] = _disaggregated(names, of_real, real_found, f"by_{what}")
        _relate(report, f"by_{what}", names)
        report["notes"] += notes
    return report


def not_measurable(extractor, reference):
    """Yields why quality cannot be measured in an extractor's features: they do not even tell what it learnt.

    Of one that was made elsewhere nothing is known; it is named beside the numbers.
    It learnt labels, or without classes how images were turned. Accuracy counts from that of a guess, the
    share of the most frequent label (Cohen's kappa), as .6 is poor for two labels and good for a hundred.

    Args:
        extractor: `FeatureExtractor`.
        reference: `ImageDataset` of real images.
    """
    if extractor.accuracy is None:
        return
    what = "label" if "label" in extractor.accuracy else "turn"
    accuracy = extractor.accuracy[what]["overall"]
    guess = 1 / 4 if what == "turn" else float(np.bincount(reference.labels).max() / len(reference))
    least = guess + LEAST_KAPPA * (1 - guess)
    if accuracy < least:
        learnt = "the label" if what == "label" else "by how many quarter turns they were rotated"
        yield (
            f"Quality is not measurable here: the extractor of features tells {learnt} of only "
            f"{100 * accuracy:.0f} % of held-out real images, a guess {100 * guess:.0f} %, and at least "
            f"{100 * least:.0f} % are needed. Give more images, or fewer classes."
        )


def blind_to_groups(extractor):
    """Yields why quality per group cannot be measured in an extractor's features: they do not tell the groups.

    In such features an image of another group in the place of one's own is no further away. Groups count equal,
    as for the classifier, and accuracy counts from that of a guess, as above.

    Args:
        extractor: `FeatureExtractor`.
    """
    found = [] if extractor.accuracy is None else extractor.accuracy["group"]["by_group"]
    if not found or None in found:
        return
    guess = 1 / len(found)
    least, accuracy = guess + LEAST_KAPPA * (1 - guess), float(np.mean(found))
    if accuracy < least:
        yield (
            f"Quality per group is not measurable here: the extractor of features tells the groups of only "
            f"{100 * accuracy:.0f} % of held-out real images, each group counted equal, and at least "
            f"{100 * least:.0f} % are needed. Give more images of the rarer groups, or features that do, "
            "--extractor."
        )


def mixed_groups(strangers, names):
    """Returns a note for each group of whose images the classifier takes many from others.

    Args:
        strangers: share of the images that count as each group that are of another, shape `(k,)`.
        names: of the groups.
    """
    return [
        f"Of the images that count as {name}, about {100 * share:.0f} % are of other groups, by the classifier's "
        "errors: its quality holds how far these are from its real images too."
        for name, share in zip(names, strangers, strict=True)
        if share > MOST_STRANGERS
    ]


def _notes(comparison, n, real):
    if n < FEWEST_OF_ALL:
        yield f"{n} images on each side are too few to measure quality: draw more."
    elif n < comparison.fewest:
        yield (
            f"FID needs at least {comparison.fewest} images on each side ({FEWEST} per feature) and has {n}: "
            "see KID."
        )
    if comparison.other_classes(n, real) > OTHER_CLASSES:
        yield (
            "The sample has classes in other shares than the real images could be drawn in: FID and KID over "
            "all images hold that difference too."
        )


def _split(comparison, what, names, rows_of):
    """Quality of each group (or class) on the same number of images: that of the rarest with enough."""
    rows = [rows_of(index) for index in range(len(names))]
    sizes = [comparison.size(*sides) for sides in rows]
    enough = [size for size in sizes if size >= comparison.fewest]
    n = min(enough, default=None)
    pairs = [
        comparison.measure(n, *sides) if size in enough else (None, None)
        for size, sides in zip(sizes, rows, strict=True)
    ]
    notes = [
        f"{what} {name}: {len(real):,} real and {len(generated):,} generated images, too few to measure its "
        f"quality: at least {2 * comparison.fewest} and {comparison.fewest} are needed."
        for name, size, (real, generated) in zip(names, sizes, rows, strict=True)
        if size not in enough
    ]
    return n, *map(list, zip(*pairs, strict=True)), notes


def _relate(report, key, names):
    """Adds each group's value over that of real images in its place, and names the worst group by it.

    Groups differ in how far their real images are apart: raw values would name the more varied one. KID,
    which is about 0 for real images, is compared by its difference from theirs.
    """
    for metric, found in report[key].items():
        pairs = list(zip(found[key], report[f"real_{key}"][metric][key], strict=True))
        beside = tuple(
            None if None in pair else pair[0] - pair[1] if metric == "kid" else pair[0] / max(pair[1], 1e-9)
            for pair in pairs
        )
        found["relative_to_real"] = None if metric == "kid" else list(beside)
        found["worst"] = Disaggregated(tuple(names), None, beside, metric_info(metric).higher_is_better).worst


def _identity(extractor, features):
    accuracy = extractor.accuracy or {}
    return {
        "name": extractor.name,
        "hash": extractor.hash,
        "features": features.shape[1],
        "label_accuracy": accuracy.get("label", {}).get("overall"),
        "group_accuracy": accuracy.get("group", {}).get("overall"),
    }


def _disaggregated(names, overall, rows, key):
    if overall is None:
        return {}
    return {
        metric: Disaggregated(
            tuple(names),
            overall[metric],
            tuple(row and row[metric] for row in rows),
            metric_info(metric).higher_is_better,
        ).to_dict(key)
        for metric in QUALITY
    }
