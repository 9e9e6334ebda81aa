"""Images assigned to groups by predictions that were made elsewhere, and the errors of whoever made them."""

from typing import Any, NamedTuple

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.confusion_counts import read_confusion
from repfair_keras.evaluation.images.group_assignment import UNDECIDED, Assignment
from repfair_keras.evaluation.images.thresholds import thresholds
from repfair_keras.evaluation.predictions import Predictions, read_predictions


class PredictedAttribute(NamedTuple):
    """As `evaluation.images.instruments.Attribute`, without a classifier at hand.

    Args:
        made: `Predictions` of the images that are measured, in their order.
        confusion: counts on real images, int, shape `(k, k)`, rows true; `None` if errors are not known.
        real: `Predictions` of real images, with their true groups; `None` if counts alone are known.
        data: `ImageDataset` of real images; `None` without.
    """

    made: Predictions
    confusion: np.ndarray | None
    real: Predictions | None = None
    data: Any = None

    @property
    def rules(self):
        """No rule looks at the images."""
        return {}

    def thresholds(self, decision):
        """Least probability that decides, by leaning, shape `(k,)`; `None` where probabilities are not known."""
        if self.made.chances is None or self.real is None or self.real.chances is None:
            return None
        return thresholds(self.real.chances, self.real.true, decision.max_undecided, decision.confidence)

    def assign(self, images, decision):
        """`Assignment` of the images that were predicted; without probabilities all are clear."""
        least, leaning = self.thresholds(decision), self.made.likeliest
        if least is None:
            return Assignment(leaning, leaning, {})
        unclear = self.made.chances.max(axis=1) < least[leaning]
        return Assignment(np.where(unclear, UNDECIDED, leaning), leaning, {"low confidence": unclear})

    def errors(self, decision):
        """As `representation.classifier_errors`, of what is known without the classifier."""
        matrix, least = self.confusion, self.thresholds(decision)
        by_group = (np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1)).tolist()
        undecided = np.zeros(len(matrix), int)
        if least is not None:
            unclear = self.real.chances.max(axis=1) < least[self.real.likeliest]
            undecided = np.bincount(self.real.true[unclear], minlength=len(matrix))
        return {
            "accuracy": float(np.trace(matrix) / max(matrix.sum(), 1)),
            "balanced_accuracy": float(np.mean(by_group)),
            "by_group": by_group,
            "candidate": "predictions made elsewhere",
            "confusion": matrix.tolist(),
            "undecided_real": float(undecided.sum() / max(matrix.sum(), 1)),
            "undecided_real_by_group": undecided.tolist(),
            "confidence": decision.confidence if least is not None else None,
            "max_undecided": decision.max_undecided if least is not None else None,
            "thresholds": None if least is None else least.tolist(),
            "made_elsewhere": True,
        }


def read_predicted(predictions, validation=None, confusion=None, names=None, data=None):
    """Reads predictions of images, and the errors of whoever made them.

    Args:
        predictions: CSV or DataFrame of the images that are measured, see `predictions.read_predictions`.
        validation: CSV or DataFrame of predictions on real images that the classifier was not trained on, with a
            column `true`; `None` without.
        confusion: CSV or DataFrame of counts on such images, see `confusion_counts.read_confusion`; `None` without.
        names: names of the groups; `None`: those that occur.
        data: `ImageDataset` of real images; `None` without.

    Returns:
        `PredictedAttribute`.

    Raises:
        InputError: lists what is wrong; if validation and confusion are both given.
    """
    if validation is not None and confusion is not None:
        raise InputError(
            "validation and confusion are both given: expected one, as the first is counted into the second."
        )
    real = None if validation is None else read_predictions(validation, names, with_truth=True)
    if real is not None:
        real.check_named_once("the predictions on real images")
    counts = None if confusion is None else read_confusion(confusion, names)
    made = read_predictions(predictions, names or (real.names if real else counts[0] if counts else None))
    matrix = counts[1] if counts else None if real is None else _confusion(real)
    return PredictedAttribute(made, matrix, real, data)


def _confusion(real):
    k = len(real.names)
    return np.bincount(real.true * k + real.likeliest, minlength=k * k).reshape(k, k)
