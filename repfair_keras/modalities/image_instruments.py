"""What images are measured with, as the settings say: made here, or elsewhere."""

from repfair_keras.evaluation.images.features import TRAINED, make_features
from repfair_keras.evaluation.images.group_assignment import fit_rules
from repfair_keras.evaluation.images.instruments import Attribute, prepare_instruments
from repfair_keras.evaluation.images.users_classifier import check_users_classifier, users_classifier


def instruments_of(folder, reference, evaluation, verbose=0, predicted=None, features=None):
    """Returns the `Instruments` of a folder; what is missing is trained, and written there.

    Args:
        folder: `<run>/instruments`.
        reference: `ImageReference`.
        evaluation: `ImageEvaluation`.
        verbose: 0 silent, 1 progress bars, 2 a line each.
        predicted: `PredictedAttribute` of the images that are measured, in the place of a classifier; `None` without.
        features: `FileFeatures` of the images that are measured; `None` without.
    """
    data, attribute = reference.dataset, predicted
    if evaluation.classifier is not None:
        made = users_classifier(evaluation.classifier, data, evaluation.classifier_groups)
        attribute = Attribute(data, made, fit_rules(data))
    if evaluation.extractor != TRAINED:
        features = make_features(evaluation.extractor, evaluation.extractor_layer, data.image_shape, folder)
    real = data, reference.cross, evaluation.instruments, verbose, evaluation.instrument_steps
    return prepare_instruments(folder, *real, attribute=attribute, features=features)


def check_made_elsewhere(evaluation, data):
    """Raises `InputError` if a classifier or an extractor that was made elsewhere cannot be used on the data."""
    if evaluation.classifier is not None:
        check_users_classifier(evaluation.classifier, data, evaluation.classifier_groups)
    if evaluation.extractor != TRAINED:
        make_features(evaluation.extractor, evaluation.extractor_layer, data.image_shape, None)
