"""Exact numbers of images of each group from a generator that is told the group."""

import numpy as np

from repfair_keras.evaluation.images.asked import purity_of_counts
from repfair_keras.evaluation.images.group_assignment import UNDECIDED
from repfair_keras.export.image_sampler import GeneratedImages
from repfair_keras.sampling.group_requests import groups_and_labels


def generate_told(sampler, requests, seed: int, decider=None) -> tuple[GeneratedImages, dict]:
    """Generates the wanted images from a generator that is told the group of each.

    Args:
        sampler: `ImageSampler` with `takes_groups`.
        requests: list of `GroupRequest`.
        seed: seed of the noise.
        decider: `GroupDecider`; `None`: what the images show is not measured.

    Returns:
        generated: `GeneratedImages`, in the order of the requests.
        report: dict for the manifest: for every request how many were asked for, what the attribute
            classifier sees, and the purity: the share of the images that show the group asked for.
    """
    groups, labels = groups_and_labels(requests, len(sampler.class_names))
    generated = sampler.generate(len(groups), seed, labels if sampler.takes_labels else None, groups)
    report = {"how": "the generator is told the group"}
    if decider is None:
        report["note"] = "no classifier has looked at the images: name one with --instruments"
        return generated, {**report, "requests": {request.name: {"asked": request.n} for request in requests}}
    seen = np.split(decider.decide(generated.images), np.cumsum([request.n for request in requests])[:-1])
    measured = {
        request.name: {"asked": request.n, **_purity(part, request.group, decider, sampler.group_names)}
        for request, part in zip(requests, seen, strict=True)
    }
    return generated, {**report, "requests": measured}


def _purity(seen, group, decider, group_names):
    """What the classifier sees in images that were made for one group."""
    counts = np.bincount(seen[seen != UNDECIDED], minlength=len(group_names))
    corrected, ends = None, None
    if decider.confusion is not None:
        corrected, ends = purity_of_counts(counts, group, decider.confusion)
    return {
        "seen": counts_by_name(counts, len(seen), group_names),
        "purity": float(counts[group] / counts.sum()) if counts.sum() else None,
        "corrected_purity": corrected,
        "corrected_interval": ends,
    }


def counts_by_name(counts, total, group_names) -> dict:
    """Images by the group that the classifier sees in them; what is left of the total is undecided."""
    seen = dict(zip(group_names, counts.tolist(), strict=True))
    return {**seen, "undecided": int(total - counts.sum())}
