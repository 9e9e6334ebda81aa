"""Exact numbers of images of each group from any generator: images of other groups are rejected."""

import time
from typing import TextIO

import numpy as np
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.export.image_sampler import GeneratedImages
from repfair_keras.metrics.representation import corrected_proportions
from repfair_keras.sampling.group_requests import groups_and_labels
from repfair_keras.sampling.progress import progress_of_rejection
from repfair_keras.sampling.rejection_plan import make_plan
from repfair_keras.sampling.told_groups import counts_by_name

ROUND_IMAGES = 1000  # generated at a time; the first round is the pilot
MIN_RATE = 0.001  # a group that is made less often is given up
GIVE_UP_CONFIDENCE = 0.9999  # that it is


def generate_by_rejection(
    sampler, requests, seed: int, decider, stream: TextIO | None = None
) -> tuple[GeneratedImages, dict]:
    """Generates images until the attribute classifier has seen enough for every request.

    Each request has images of its own, so that it says nothing of another's. Images whose group is not clear
    are not taken. The work is bounded: what practically never occurs is given up. The first round is a pilot,
    from which the rest is estimated and said beforehand.

    Args:
        sampler: `ImageSampler`.
        requests: list of `GroupRequest`.
        seed: seed of the noise.
        decider: `GroupDecider`.
        stream: where the plan and the progress are shown; `None`: nowhere.

    Returns:
        generated: `GeneratedImages`, in the order of the requests.
        report: dict for the manifest: for every request how many were asked for, how many images that took,
            the acceptance rate and the corrected purity.

    Raises:
        InputError: if a request is given up.
    """
    accepted, seconds = _pilot(sampler, requests, seed, decider)
    plan = make_plan(requests, accepted.seen, accepted.n_generated, seconds)
    if plan.requests and stream is not None:
        print(plan.to_text(), file=stream, flush=True)
    total = sum(request.n for request in requests)
    with progress_of_rejection(total, accepted.n_accepted, stream if plan.requests else None) as show:
        while accepted.missing():
            accepted.add_round(sampler, seed, decider)
            show(accepted.n_accepted, accepted.n_generated)
    return accepted.generated(sampler), accepted.report(decider)


def _pilot(sampler, requests, seed, decider):
    """Returns `_Accepted` after a first round, and its seconds, without those of a network's first call."""
    decider.decide(sampler.generate(1, seed).images)
    started = time.monotonic()
    accepted = _Accepted(requests, sampler.group_names, len(sampler.class_names))
    accepted.add_round(sampler, seed, decider)
    return accepted, time.monotonic() - started


class _Accepted:
    """Images accepted for each request, and what the classifier has seen in all those made for it."""

    def __init__(self, requests, group_names, n_classes):
        self.requests, self.group_names, self.n_classes = requests, group_names, n_classes
        self.rounds = 0
        self.parts = [[] for _ in requests]  # for each request, (images, labels) of every round
        self.seen = np.zeros((len(requests), len(group_names) + 1), int)  # the last column: undecided

    @property
    def n_generated(self):
        return self.rounds * ROUND_IMAGES

    @property
    def n_accepted(self):
        return sum(len(images) for parts in self.parts for images, _ in parts)

    def missing(self):
        """Returns the places of the requests that are not complete."""
        return [i for i, request in enumerate(self.requests) if self.seen[i, request.group] < request.n]

    def add_round(self, sampler, seed, decider):
        """Generates images for what is missing, and takes those that show it."""
        owners = np.resize(self.missing(), ROUND_IMAGES)
        labels = self._labels(owners)
        seed = _seed_of_round(seed, self.rounds)
        images = sampler.generate(ROUND_IMAGES, seed, labels if sampler.takes_labels else None).images
        groups = decider.decide(images)
        for i in self.missing():
            request, own = self.requests[i], np.flatnonzero(owners == i)
            wanted = request.n - self.seen[i, request.group]
            rows = own[groups[own] == request.group][:wanted]
            self.parts[i].append((images[rows], labels[rows]))
            np.add.at(self.seen[i], groups[own], 1)  # UNDECIDED is -1, the last column
            check_not_hopeless(request, self.seen[i])
        self.rounds += 1

    def generated(self, sampler):
        """Returns `GeneratedImages` in the order of the requests."""
        rounds = [part for parts in self.parts for part in parts]
        images, labels = (np.concatenate(arrays) for arrays in zip(*rounds, strict=True))
        groups, _ = groups_and_labels(self.requests, self.n_classes)
        return GeneratedImages(images, labels if sampler.takes_labels else None, groups)

    def report(self, decider):
        """Returns what the manifest says."""
        measured = {
            request.name: {
                "asked": request.n,
                **report_of_request(request.group, row, decider, self.group_names),
            }
            for request, row in zip(self.requests, self.seen, strict=True)
        }
        return {
            "how": "classifier-guided rejection",
            "images_generated": self.n_generated,
            "acceptance_rate": self.n_accepted / self.n_generated,
            "requests": measured,
        }

    def _labels(self, owners):
        """Label of each image of a round: that of the request it is made for, or all classes in turn."""
        labels = np.zeros(len(owners), np.int32)
        for i in set(owners.tolist()):
            own, label = np.flatnonzero(owners == i), self.requests[i].label
            labels[own] = np.arange(len(own)) % max(self.n_classes, 1) if label is None else label
        return labels


def _seed_of_round(seed, number):
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0] % 2**31)


def check_not_hopeless(request, seen: np.ndarray):
    """Raises `InputError` if what is still wanted is rarer than `MIN_RATE`, as far as one can be sure.

    Args:
        request: `GroupRequest`.
        seen: int, shape `(k + 1,)`: what the classifier has seen in the images made for it.
    """
    met, total = int(seen[request.group]), int(seen.sum())
    if met >= request.n or stats.binom.cdf(met, total, MIN_RATE) > 1 - GIVE_UP_CONFIDENCE:
        return
    raise InputError(
        f"{request.name!r} occurs in {met} of {total:,} images of this generator: expected at least "
        f"{100 * MIN_RATE:g} %. Ask for fewer groups, or train a generator that makes all of them, such as "
        "method group_cgan."
    )


def report_of_request(group: int, seen: np.ndarray, decider, group_names) -> dict:
    """What a request has cost, and its purity if the classifier errs as on real images.

    Args:
        group: the group that is wanted.
        seen: as in `check_not_hopeless`.
        decider: `GroupDecider`.
        group_names: names of the groups.
    """
    report = {
        "images_generated": int(seen.sum()),
        "acceptance_rate": float(seen[group] / seen.sum()),
        "seen": counts_by_name(seen[:-1], seen.sum(), group_names),
        "corrected_purity": None,
    }
    if decider.confusion is None:
        return report
    try:
        p = corrected_proportions(seen[:-1], decider.confusion)
    except InputError as error:  # a classifier that cannot tell the groups
        return {**report, "note": str(error)}
    seen_as = decider.confusion[:, group] / decider.confusion.sum(axis=1)  # P(seen as group | true)
    return {**report, "corrected_purity": float(p[group] * seen_as[group] / (p @ seen_as))}  # Bayes
