"""The classifier that tells which group a sampled image shows, found without any data."""

from pathlib import Path
from typing import NamedTuple

import yaml

from repfair_keras.errors import InputError
from repfair_keras.evaluation.classifier import Classifier
from repfair_keras.evaluation.predictors import RULES, assign
from repfair_keras.experiments.config import config_from_dict
from repfair_keras.experiments.rundir import RunDir


class Judge(NamedTuple):
    """Which group an image shows.

    Args:
        classifier: `Classifier` of the groups.
        rules: dict of rule name to callable, as `evaluation.predictors.assign` takes them.
        confidence: least probability that decides.
    """

    classifier: Classifier
    rules: dict
    confidence: float

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
    classifier = Classifier.load(found[0] if found else places[0] / "attribute")
    if list(classifier.names) != list(metadata["groups"]):
        raise InputError(
            f"the classifier in {found[0]} tells {', '.join(classifier.names)}, but the generator was "
            f"trained on {', '.join(metadata['groups'])}: name instruments made from the same groups."
        )
    config = config_from_dict(yaml.safe_load(metadata["config"]))
    corner = {"corner": RULES["corner"]} if "corner" in metadata.get("rules", ()) else {}
    return Judge(classifier, corner, config.confidence)
