"""Exact numbers of images of each group, from any generator: asked for, or by rejection."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images.asked import purity_of_counts
from repfair_keras.evaluation.images.group_assignment import UNDECIDED
from repfair_keras.export.images import Drawn
from repfair_keras.metrics.representation import corrected_proportions
from repfair_keras.sampling.parse_counts import groups_and_labels

ROUND = 1000  # images drawn at a time
RAREST = 0.001  # what occurs less often is given up
SURE = 0.9999  # that it does


class Counted(NamedTuple):
    """Images in the numbers asked for.

    Args:
        drawn: `Drawn`; `groups` are those asked for.
        report: dict for the manifest: for every request what was asked, what the classifier sees, purity, and
            for rejection the acceptance rate.
    """

    drawn: Drawn
    report: dict


def draw_asked(sampler, wanted, seed, judge=None):
    """Draws from a generator that is told the group.

    Args:
        sampler: `Sampler` with `takes_groups`.
        wanted: list of `Wanted`.
        seed: seed of the noise.
        judge: `Judge`; `None`: what the images show is not measured.

    Returns:
        `Counted`.
    """
    metadata = sampler.metadata
    groups, labels = groups_and_labels(wanted, len(metadata["class_names"]))
    drawn = sampler.draw(len(groups), seed, labels if sampler.conditional else None, groups)
    report = {"how": "the generator is told the group", "requests": {}}
    if judge is None:
        report["note"] = "no classifier has looked at the images: name one with --instruments"
    seen = None if judge is None else judge(drawn.images)
    for each, end in zip(wanted, np.cumsum([each.n for each in wanted]), strict=True):
        shown = {} if seen is None else _shown(seen[end - each.n : end], each.group, judge, metadata)
        report["requests"][each.name(metadata)] = {"asked": each.n, **shown}
    return Counted(drawn, report)


def _shown(seen, group, judge, metadata):
    """What the classifier sees in images that were made for one group."""
    counts = np.bincount(seen[seen != UNDECIDED], minlength=len(metadata["groups"]))
    corrected, ends = None, None
    if judge.confusion is not None:
        corrected, ends = purity_of_counts(counts, group, judge.confusion)
    return {
        "seen": _by_name(counts, len(seen), metadata),
        "purity": float(counts[group] / counts.sum()) if counts.sum() else None,
        "corrected_purity": corrected,
        "corrected_interval": ends,
    }


def draw_by_rejection(sampler, wanted, seed, judge):
    """Draws from any generator until the classifier has seen enough images for every request.

    Each request has images of its own, so that it says nothing of another's. Images whose group is not clear
    are not taken. The work is bounded: what practically never occurs is given up.

    Args:
        sampler: `Sampler`.
        wanted: list of `Wanted`.
        seed: seed of the noise.
        judge: `Judge`.

    Returns:
        `Counted`; images in the order of `wanted`.

    Raises:
        InputError: if a request is given up.
    """
    metadata = sampler.metadata
    n_classes, number = len(metadata["class_names"]), 0
    parts = [[] for _ in wanted]  # for each request, (images, labels) of every round
    counts = np.zeros((len(wanted), len(metadata["groups"]) + 1), int)  # what is seen; the last: undecided
    while missing := [i for i, each in enumerate(wanted) if counts[i, each.group] < each.n]:
        owners = np.resize(missing, ROUND)
        labels = _labels(owners, wanted, n_classes)
        images = sampler.draw(ROUND, _seed(seed, number), labels if sampler.conditional else None).images
        groups = judge(images)
        for i in missing:
            mine, group = np.flatnonzero(owners == i), wanted[i].group
            rows = mine[groups[mine] == group][: wanted[i].n - counts[i, group]]
            parts[i].append((images[rows], labels[rows]))
            np.add.at(counts[i], groups[mine], 1)  # UNDECIDED is -1, the last column
            _check_not_hopeless(wanted[i], counts[i], metadata)
        number += 1
    images, labels = (np.concatenate([part[k] for each in parts for part in each]) for k in (0, 1))
    groups, _ = groups_and_labels(wanted, n_classes)
    requests = {
        each.name(metadata): {"asked": each.n, **_accepted(each.group, row, judge, metadata)}
        for each, row in zip(wanted, counts, strict=True)
    }
    total = {"images_drawn": number * ROUND, "acceptance_rate": len(images) / (number * ROUND)}
    report = {"how": "classifier-guided rejection", **total, "requests": requests}
    return Counted(Drawn(images, labels if sampler.conditional else None, groups), report)


def _labels(owners, wanted, n_classes):
    """Label of each image of a round: that of the request it is drawn for, or all classes in turn."""
    labels = np.zeros(len(owners), np.int32)
    for i in set(owners.tolist()):
        mine, label = np.flatnonzero(owners == i), wanted[i].label
        labels[mine] = np.arange(len(mine)) % max(n_classes, 1) if label is None else label
    return labels


def _seed(seed, number):
    """A seed of its own for every round."""
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0] % 2**31)


def _check_not_hopeless(wanted, counts, metadata):
    """Raises `InputError` if what is still wanted is rarer than `RAREST`, as far as one can be sure."""
    found, total = int(counts[wanted.group]), int(counts.sum())
    if found >= wanted.n or stats.binom.cdf(found, total, RAREST) > 1 - SURE:
        return
    raise InputError(
        f"{wanted.name(metadata)!r} occurs in {found} of {total:,} images of this generator: expected at "
        f"least {100 * RAREST:g} %. Ask for fewer groups, or train a generator that makes all of them, such "
        "as method group_cgan."
    )


def _accepted(group, counts, judge, metadata):
    """What a request has cost, and its purity if the classifier errs as on real images."""
    report = {
        "drawn": int(counts.sum()),
        "occurs": float(counts[group] / counts.sum()),
        "seen": _by_name(counts[:-1], counts.sum(), metadata),
        "corrected_purity": None,
    }
    if judge.confusion is None:
        return report
    try:
        p = corrected_proportions(counts[:-1], judge.confusion)
    except InputError as error:  # a classifier that cannot tell the groups
        return {**report, "note": str(error)}
    seen_as = judge.confusion[:, group] / judge.confusion.sum(axis=1)  # P(seen as group | true)
    return {**report, "corrected_purity": float(p[group] * seen_as[group] / (p @ seen_as))}  # Bayes


def _by_name(counts, total, metadata):
    """Images by what the classifier sees in them."""
    seen = dict(zip(metadata["groups"], counts.tolist(), strict=True))
    return {**seen, "undecided": int(total - counts.sum())}
