"""An audit: shares of groups from predictions alone, without images, networks or TensorFlow."""

import dataclasses
from pathlib import Path

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.shares import parse_shares
from repfair_keras.evaluation.images.cannot_tell import cannot_tell
from repfair_keras.evaluation.images.group_assignment import DECISION, UNDECIDED
from repfair_keras.evaluation.images.representation import corrected, representation
from repfair_keras.evaluation.images.thresholds import thresholds
from repfair_keras.evaluation.predictions import read_predictions
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
    if validation is not None and confusion is not None:
        raise InputError(
            "validation and confusion are both given: expected one, as the first is counted into the second."
        )
    real = None if validation is None else read_predictions(validation, groups, with_truth=True)
    counts = None if confusion is None else read_confusion(confusion, groups)
    names = groups or (real.names if real else counts[0] if counts else None)
    made = read_predictions(predictions, names)
    names, k = made.names, len(made.names)
    matrix = counts[1] if counts else None if real is None else _confusion(real, k)
    target = np.full(k, 1 / k) if target is None else _target(target, names)
    assigned, least = _assigned(made, real, decision)
    report = {"name": name or _name(predictions), "grouping": "predictions", "sample_seed": seed}
    if matrix is None:
        # No p value: nothing is known of the errors that may be all that it finds.
        report |= {**representation(assigned, names, target, seed), "test": None, "warnings": [UNKNOWN]}
        return ImageReport.from_dict(report)
    errors = _errors(matrix, real, least, decision)
    unclear = float(np.mean(assigned == UNDECIDED))
    unknown = list(cannot_tell(errors, names, len(assigned), unclear))
    report |= representation(assigned, names, target, seed, unknown)
    report |= {"classifier": errors, "corrected": corrected(made.likeliest, errors, target, seed, unknown)}
    found = ImageReport.from_dict(report)
    return dataclasses.replace(found, warnings=[found.note] if unknown else [])


def read_confusion(source, names=None):
    """Returns the groups, and the counts, shape `(k, k)`, rows true, of a CSV or DataFrame.

    Raises:
        InputError: if rows and columns are not the same groups, or a cell is no whole number >= 0.
    """
    import pandas as pd

    where = "the confusion counts" if isinstance(source, pd.DataFrame) else Path(source)
    if isinstance(source, pd.DataFrame):
        frame = source.reset_index() if source.shape[0] == source.shape[1] else source  # names in the index
    elif not where.is_file():
        raise InputError(
            f"{where} is not there: expected a CSV of confusion counts, a row for each true group."
        )
    else:
        try:
            frame = pd.read_csv(where, skipinitialspace=True)
        except (ValueError, OSError) as error:
            raise InputError(f"{where} is no CSV of confusion counts that can be read: {error}.") from error
    rows, columns = frame.iloc[:, 0].astype(str).tolist(), [str(column) for column in frame.columns[1:]]
    names = tuple(names or rows)
    if sorted(rows) != sorted(names) or sorted(columns) != sorted(names):
        raise InputError(
            f"{where} has rows {', '.join(rows)} and columns {', '.join(columns)}: expected the same groups, "
            f"{', '.join(names)}, as true ones in the first column and as predicted ones in the first line."
        )
    values = frame.iloc[:, 1:].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    if not np.all(np.isfinite(values) & (values >= 0) & (values == np.round(values))):
        raise InputError(
            f"{where} holds {values.tolist()}: expected counts of images, whole numbers >= 0; rates do not say of how "
            "many images they are."
        )
    order = [rows.index(name) for name in names], [columns.index(name) for name in names]
    return names, values[np.ix_(*order)].astype(np.int64)


def _confusion(real, k):
    return np.bincount(real.true * k + real.likeliest, minlength=k * k).reshape(k, k)


def _errors(matrix, real, least, decision):
    """As `representation.classifier_errors`, of what is known without the classifier."""
    sizes = matrix.sum(axis=1)
    by_group = (np.diag(matrix) / np.maximum(sizes, 1)).tolist()
    undecided = np.zeros(len(matrix), int)
    if least is not None:
        unclear = real.chances.max(axis=1) < least[real.likeliest]
        undecided = np.bincount(real.true[unclear], minlength=len(matrix))
    return {
        "accuracy": float(np.trace(matrix) / max(matrix.sum(), 1)),
        "balanced_accuracy": float(np.mean(by_group)),
        "by_group": by_group,
        "confusion": matrix.tolist(),
        "undecided_real": float(undecided.sum() / max(matrix.sum(), 1)),
        "undecided_real_by_group": undecided.tolist(),
        "confidence": decision.confidence if least is not None else None,
        "max_undecided": decision.max_undecided if least is not None else None,
        "thresholds": None if least is None else least.tolist(),
    }


def _assigned(made, real, decision):
    """Groups of the images, -1 where not clear, and the thresholds; only probabilities say what is clear."""
    if made.chances is None or real is None or real.chances is None:
        return made.likeliest, None
    least = thresholds(real.chances, real.true, decision.max_undecided, decision.confidence)
    return np.where(made.chances.max(axis=1) < least[made.likeliest], UNDECIDED, made.likeliest), least


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
