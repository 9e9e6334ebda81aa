"""An audit: shares of groups from predictions alone, without images, networks or TensorFlow."""

import dataclasses
from pathlib import Path

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.shares import parse_shares
from repfair_keras.evaluation.images.cannot_tell import cannot_tell
from repfair_keras.evaluation.images.group_assignment import DECISION, UNDECIDED
from repfair_keras.evaluation.images.representation import corrected, representation
from repfair_keras.evaluation.predicted_attribute import read_predicted
from repfair_keras.evaluation.report import ImageReport

UNKNOWN = (
    "The classifier's errors are not known, so shares are as it counts them: name its predictions on real images "
    "whose groups are known (--validation), or its confusion counts (--confusion)."
)


def audit_predictions(
    predictions,
    target=None,
    validation=None,
    confusion=None,
    groups=None,
    name=None,
    decision=DECISION,
    seed=0,
):
    """Measures shares of groups in generated images of which a classifier's predictions are given.

    Args:
        predictions: CSV or DataFrame of generated images, see `predictions.read_predictions`.
        target: shares asked for: a number, a list, or a dict of group to share; `None`: equal.
        validation: CSV or DataFrame of predictions on real images that the classifier was not trained on, with a
            column `true`; `None` without.
        confusion: CSV or DataFrame of counts on such images: a row for each true group, named in the first column,
            and a column for each predicted one; `None` without.
        groups: names of the groups; `None`: those that occur.
        name: name in tables; `None`: that of the file.
        decision: `Decision`: which images are clear, where probabilities of both are given.
        seed: seed of what is simulated.

    Returns:
        `ImageReport`, of which parts on images are `None`.

    Raises:
        InputError: lists what is wrong.
    """
    attribute = read_predicted(predictions, validation, confusion, groups)
    attribute.made.check_named_once("the predictions")
    made, names = attribute.made, attribute.made.names
    k, groups = len(names), attribute.assign(None, decision).groups
    target = np.full(k, 1 / k) if target is None else _target(target, names)
    report = {"name": name or _name(predictions), "grouping": "predictions", "sample_seed": seed}
    if attribute.confusion is None:
        # No p value: nothing is known of the errors that may be all that it finds.
        report |= {**representation(groups, names, target, seed), "test": None, "warnings": [UNKNOWN]}
        return ImageReport.from_dict(report)
    errors = attribute.errors(decision)
    unclear = float(np.mean(groups == UNDECIDED))
    unknown = list(cannot_tell(errors, names, len(groups), unclear))
    report |= representation(groups, names, target, seed, unknown)
    report |= {"classifier": errors, "corrected": corrected(made.likeliest, errors, target, seed, unknown)}
    found = ImageReport.from_dict(report)
    return dataclasses.replace(found, warnings=[found.note] if unknown else [])


def _target(target, names):
    if isinstance(target, dict):
        lacking = [name for name in names if name not in target]
        unknown = [str(name) for name in target if name not in names]
        if lacking or unknown:
            raise InputError(
                f"target names {', '.join(map(str, target))}: expected a share for each of {', '.join(names)}."
            )
        target = [target[name] for name in names]
    try:
        return parse_shares(target, names)
    except InputError as error:
        raise InputError(f"target: {error}") from error


def _name(predictions):
    return Path(predictions).stem if isinstance(predictions, str | Path) else "predictions"
