"""The classifier that tells which group a sampled image shows, found without any data."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images.attribute_classifier import AttributeClassifier
from repfair_keras.evaluation.images.group_assignment import RULES, assign
from repfair_keras.registry import lookup
from repfair_keras.runs.config import config_from_dict
from repfair_keras.runs.run_folder import RunDir


class Judge(NamedTuple):
    """Which group an image shows.

    Args:
        classifier: `AttributeClassifier` of the groups.
        rules: dict of rule name to callable, as `evaluation.predictors.assign` takes them.
        confidence: least probability that decides.
        confusion: counts on held-out real images, shape `(k, k + 1)`: rows true, last column undecided;
            `None` if they are not known at this confidence.
    """

    classifier: AttributeClassifier
    rules: dict
    confidence: float
    confusion: np.ndarray | None

    def __call__(self, images):
        """Returns the group of each image, -1 undecided."""
        return assign(images, self.classifier, self.rules, self.confidence).groups


def load_judge(instruments, generator, metadata):
    """Loads the classifier that belongs to an exported generator.

    Args:
        instruments: folder of a run, or of its instruments; `None`: those of the run whose export it is.
        generator: folder of the SavedModel.
        metadata: its `repfair.json`.

    Returns:
        `Judge`; `None` if none is named and there is none.

    Raises:
        InputError: if there is none where one is named, or it tells other groups.
    """
    places = [RunDir(Path(generator).parent).instruments]
    if instruments is not None:
        places = [Path(instruments), RunDir(instruments).instruments]
    found = [place / "attribute" for place in places if (place / "attribute").is_dir()]
    if not found and instruments is None:
        return None
    classifier = AttributeClassifier.load(found[0] if found else places[0] / "attribute")
    if list(classifier.names) != list(metadata["groups"]):
        raise InputError(
            f"the classifier in {found[0]} tells {', '.join(classifier.names)}, but the generator was "
            f"trained on {', '.join(metadata['groups'])}: name instruments made from the same groups."
        )
    confidence = config_from_dict(yaml.safe_load(metadata["config"])).confidence
    inverted = list(metadata["groups"]) == list(lookup("grouping", "invert").group_names)
    names = metadata.get("rules", ("corner",) if inverted else ())  # early exports do not name them
    rules = {"corner": RULES["corner"]} if "corner" in names else {}
    return Judge(classifier, rules, confidence, _confusion(found[0].parent.parent, classifier, confidence))


def _confusion(run, classifier, confidence):
    """The classifier's errors as the report of its run has them, with undecided images apart."""
    try:
        errors = json.loads(RunDir(run).report.read_text("utf-8"))["classifier"]
        counts = np.column_stack([errors["confusion_decided"], errors["undecided_real_by_group"]])
        same = errors["confidence"] == confidence and errors["confusion"] == classifier.confusion.tolist()
        return counts if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
