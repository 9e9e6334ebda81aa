"""What somebody else's programs have found out about generated images: their groups, their features."""

from typing import Any, NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.predicted_attribute import read_predicted


class MadeElsewhere(NamedTuple):
    """Files, or what lies in memory, as the settings of the same names say.

    Args:
        predictions, validation, confusion: see `predicted_attribute.read_predicted`.
        features: features of the real and of the generated images, see `features.FileFeatures.read`.
    """

    predictions: Any = None
    validation: Any = None
    confusion: Any = None
    features: Any = None

    def check(self, evaluation):
        """Raises `InputError` for what does not go together, `evaluation` being an `ImageEvaluation`."""
        errors = [name for name in ("validation", "confusion") if getattr(self, name) is not None]
        if self.predictions is None and errors:
            raise InputError(
                f"{errors[0]} is given without predictions of the generated images: add --predictions."
            )
        if self.predictions is not None:
            if not errors:
                raise InputError(
                    "predictions are given, but nothing says how often they are wrong: add predictions of real images "
                    "whose groups are known (--validation), or confusion counts (--confusion). Shares as counted "
                    "alone: python -m repfair_keras.audit."
                )
            others = {"classifier": evaluation.classifier, "judges": evaluation.judges > 1 or None}
            other = next((name for name, value in others.items() if value is not None), None)
            if other:
                raise InputError(f"predictions and {other} are both given: expected one judge of the groups.")
        if self.features is not None:
            if len(self.features) != 2:
                raise InputError(
                    f"features names {len(self.features)} files, expected two: --features real.npz generated.npz."
                )
            if evaluation.extractor != type(evaluation).extractor:
                raise InputError(
                    f"features and extractor {evaluation.extractor!r} are both given: expected one of them."
                )

    def of(self, rows, images, source, data):
        """Reads it for the images that are measured.

        Args:
            rows: those of all images that are measured, indices.
            images: names of all, or their number.
            source: where they lie, for messages.
            data: `ImageDataset` of real images.

        Returns:
            `PredictedAttribute` and `FileFeatures`; each `None` where there is nothing.

        Raises:
            InputError: lists what does not fit.
        """
        predicted = features = None
        if self.predictions is not None:
            of_groups = self.predictions, self.validation, self.confusion, data.group_names
            predicted = read_predicted(*of_groups, data)
            predicted = predicted._replace(made=predicted.made.of(images, source).rows(rows))
        if self.features is not None:
            from repfair_keras.evaluation.images.features import FileFeatures

            features = FileFeatures.read(*self.features)
            features.real(data)
            features = features.chosen(rows, images if isinstance(images, int) else len(images), source)
        return predicted, features
