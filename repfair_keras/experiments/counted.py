"""Exact numbers of images of each group, from any generator: asked for, or by rejection."""

from typing import NamedTuple

import numpy as np

from repfair_keras.errors import InputError
from repfair_keras.evaluation.asked import purity_of_counts
from repfair_keras.evaluation.predictors import UNDECIDED
from repfair_keras.experiments.counts import groups_and_labels
from repfair_keras.export import Drawn
from repfair_keras.metrics.representation import corrected_proportions

ROUND = 1000  # images drawn at a time
RAREST = 0.001  # a group that occurs less often is given up
PATIENCE = 3000  # images drawn before one is


class Counted(NamedTuple):
    """Images in the numbers asked for.

    Args:
        drawn: `Drawn`; `groups` are those asked for.
        report: dict for the manifest: what was asked, what the classifier sees, purity per group, and for
            rejection the acceptance rate.
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
    names = sampler.metadata["groups"]
    groups, labels = groups_and_labels(wanted, len(sampler.metadata["class_names"]))
    drawn = sampler.draw(len(groups), seed, labels if sampler.conditional else None, groups)
    report = {"how": "the generator is told the group", "asked": _by_name(groups, names)}
    if judge is None:
        return Counted(drawn, {**report, "seen": None, "note": "no classifier: name one with --instruments"})
    seen, told = judge(drawn.images), {}
    for group in sorted(set(groups)):
        mine = seen[groups == group]
        counts = np.bincount(mine[mine != UNDECIDED], minlength=len(names))
        share, ends = purity_of_counts(counts, group, judge.classifier.confusion)
        told[names[group]] = {
            "seen": dict(zip(names, counts.tolist(), strict=True)),
            "undecided": int(len(mine) - counts.sum()),
            "purity": counts[group] / counts.sum() if counts.sum() else None,
            "corrected_purity": share,
            "corrected_interval": ends,
        }
    return Counted(drawn, {**report, "by_group": told})


def draw_by_rejection(sampler, wanted, seed, judge):
    """Draws from any generator until the classifier has seen enough images of every group.

    Images whose group is not clear are not taken. The work is bounded: a group that practically never
    occurs is given up.

    Args:
        sampler: `Sampler`.
        wanted: list of `Wanted`.
        seed: seed of the noise.
        judge: `Judge`.

    Returns:
        `Counted`; images in the order of `wanted`.

    Raises:
        InputError: if a group is given up.
    """
    names, n_classes = sampler.metadata["groups"], len(sampler.metadata["class_names"])
    taken, have, tries = [[] for _ in wanted], np.zeros(len(wanted), int), np.zeros(len(wanted), int)
    seen, drawings = np.zeros(len(names) + 1, int), 0  # the last of `seen`: undecided
    while missing := [i for i, each in enumerate(wanted) if have[i] < each.n]:
        labels = _labels([wanted[i].label for i in missing], n_classes, drawings)
        images = sampler.draw(ROUND, _seed(seed, drawings), labels if sampler.conditional else None).images
        groups, free = judge(images), np.ones(ROUND, bool)
        seen += np.bincount(groups % len(seen), minlength=len(seen))  # UNDECIDED is -1
        drawings += 1
        for i in missing:
            each = wanted[i]
            fits = np.ones(ROUND, bool) if each.label is None else labels == each.label
            rows = np.flatnonzero(free & fits & (groups == each.group))[: each.n - have[i]]
            free[rows] = False
            taken[i].append((images[rows], labels[rows]))
            have[i] += len(rows)
            tries[i] += fits.sum()
            _check_not_hopeless(each, have[i], tries[i], sampler.metadata)
    images, labels = (np.concatenate([part[k] for each in taken for part in each]) for k in (0, 1))
    groups, _ = groups_and_labels(wanted, n_classes)
    drawn = Drawn(images, labels if sampler.conditional else None, groups)
    report = {"how": "classifier-guided rejection", "asked": _by_name(groups, names)}
    return Counted(drawn, {**report, **_accepted(names, seen, len(images), judge.classifier.confusion)})


def _labels(wanted, n_classes, number):
    """Labels of a round: those that are still wanted, in turn; `None` among them: the classes in turn."""
    turn = np.arange(number * ROUND, (number + 1) * ROUND)
    any_label = turn // len(wanted) % max(n_classes, 1)
    chosen = np.array([-1 if label is None else label for label in wanted])[turn % len(wanted)]
    return np.where(chosen < 0, any_label, chosen).astype(np.int32)


def _seed(seed, number):
    """A seed of its own for every round."""
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0] % 2**31)


def _check_not_hopeless(wanted, have, tries, metadata):
    """Raises `InputError` if what is wanted practically never occurs."""
    if tries < PATIENCE or have >= RAREST * tries:
        return
    label = "" if wanted.label is None else f" of class {metadata['class_names'][wanted.label]!r}"
    raise InputError(
        f"group {metadata['groups'][wanted.group]!r}{label} occurs in {have} of {tries:,} images of this "
        f"generator: expected at least {100 * RAREST:g} %. Ask for fewer groups, or train a generator that "
        "makes all of them, such as method group_cgan."
    )


def _accepted(names, seen, n, confusion):
    """What rejection has cost, and the purity of what it has taken if the classifier errs as on real ones."""
    counts, total = seen[:-1], int(seen.sum())
    rates = confusion / confusion.sum(axis=1, keepdims=True)
    report = {"images_drawn": total, "acceptance_rate": n / total, "seen": {}, "corrected_purity": None}
    report["seen"] = dict(zip([*names, "undecided"], seen.tolist(), strict=True))
    try:
        p = corrected_proportions(counts, confusion)
    except InputError as error:  # a classifier that cannot tell the groups
        return {**report, "note": str(error)}
    purity = p * np.diag(rates) / np.maximum(p @ rates, np.finfo(float).tiny)  # Bayes: P(true | seen)
    return {**report, "corrected_purity": dict(zip(names, purity.tolist(), strict=True))}


def _by_name(groups, names):
    return {name: int((groups == group).sum()) for group, name in enumerate(names) if (groups == group).any()}
