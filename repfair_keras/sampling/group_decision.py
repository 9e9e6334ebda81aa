"""Decides which group a generated image shows: a run's attribute classifier, loaded without any data."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images.attribute_classifier import AttributeClassifier
from repfair_keras.evaluation.images.group_assignment import RULES, Decision, assign
from repfair_keras.export.saved_model import METADATA, training_setting
from repfair_keras.registry import lookup
from repfair_keras.runs.run_folder import RunDir


class GroupDecider(NamedTuple):
    """An attribute classifier with its rules and its errors on real images.

    Args:
        classifier: `AttributeClassifier` of the groups.
        rules: dict of rule name to callable, as `group_assignment.assign` takes them.
        decision: `Decision`: which images are clear.
        confusion: counts on held-out real images, shape `(k, k + 1)`: rows true, last column undecided;
            `None` if they are not known for this decision.
    """

    classifier: AttributeClassifier
    rules: dict
    decision: Decision
    confusion: np.ndarray | None

    def decide(self, images: np.ndarray) -> np.ndarray:
        """Returns the group of each image, int64, shape `(N,)`, -1 undecided."""
        return assign(images, self.classifier, self.rules, self.decision).groups


def load_group_decider(sampler, instruments=None) -> GroupDecider | None:
    """Loads the attribute classifier that belongs to an exported generator.

    Args:
        sampler: `ImageSampler` of the generator.
        instruments: folder of a run, or of its instruments; `None`: those of the run whose export it is.

    Returns:
        `GroupDecider`; `None` if none is named and there is none.

    Raises:
        InputError: if there is none where one is named, or it tells other groups.
    """
    folder = _classifier_folder(sampler, instruments)
    if folder is None:
        return None
    classifier = AttributeClassifier.load(folder)
    if tuple(classifier.names) != sampler.group_names:
        raise InputError(
            f"the classifier in {folder} tells {', '.join(classifier.names)}, but the generator was trained "
            f"on {', '.join(sampler.group_names)}: name instruments made from the same groups."
        )
    confidence = training_setting(sampler.metadata, "confidence")
    if confidence is None:
        raise InputError(
            f"{sampler.folder / METADATA} has no `confidence`, the probability from which the classifier's "
            "group counts. Export the generator again."
        )
    most = training_setting(sampler.metadata, "max_undecided")  # early exports do not say: any share might be
    decision = Decision(confidence, 1.0 if most is None else most)
    confusion = _confusion(folder.parent.parent, classifier, decision)
    return GroupDecider(classifier, _rules(sampler), decision, confusion)


def _classifier_folder(sampler, instruments):
    """Where the classifier is; `None` if none is named and there is none."""
    if instruments is None:
        folder = RunDir(sampler.folder.parent).instruments / "attribute"
        return folder if folder.is_dir() else None
    places = [place / "attribute" for place in (Path(instruments), RunDir(instruments).instruments)]
    return next((place for place in places if place.is_dir()), places[0])


def _rules(sampler):
    """The corner rule, where the groups are black and white backgrounds."""
    inverted = sampler.group_names == tuple(lookup("grouping", "invert").group_names)
    names = sampler.metadata.get("rules", ("corner",) if inverted else ())  # early exports do not name them
    return {"corner": RULES["corner"]} if "corner" in names else {}


def _confusion(run, classifier, decision):
    """The classifier's errors as the report of its run has them, with undecided images apart."""
    try:
        errors = json.loads(RunDir(run).report.read_text("utf-8"))["classifier"]
        counts = np.column_stack([errors["confusion_decided"], errors["undecided_real_by_group"]])
        settings = errors["confidence"], errors["max_undecided"]
        same = settings == tuple(decision) and errors["confusion"] == classifier.confusion.tolist()
        return counts if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
