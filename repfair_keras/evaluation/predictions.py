"""Predictions of any classifier, made elsewhere: a group, or a probability of each group, per image."""

from typing import NamedTuple

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.problems import Problems
from repfair_keras.core.reading import regular_file
from repfair_keras.data.columns import check_names

NAMES = ("image", "file_name", "file")  # columns that say which image a row is of
GROUP, TRUE = "group", "true"
SUM_TOLERANCE = 1e-3


class Predictions(NamedTuple):
    """What a classifier says of images.

    Args:
        names: one name per group.
        likeliest: int64, shape `(N,)`, likeliest group.
        chances: float64, shape `(N, k)`, probabilities; `None` if only groups are known.
        true: int64, shape `(N,)`, true group; `None` if not known.
        images: name of each image, shape `(N,)`; `None` if they are not named.
    """

    names: tuple[str, ...]
    likeliest: np.ndarray
    chances: np.ndarray | None
    true: np.ndarray | None
    images: np.ndarray | None = None

    def of(self, images, source):
        """Returns the predictions of images, in their order.

        Args:
            images: names of the images, or their number: then a row may name its image by the place, from 0; if none
                does, the n-th row is of the n-th image.
            source: where the images lie, for the message.

        Raises:
            InputError: names images without a prediction, those with several, and predictions of no image.
        """
        counted = isinstance(images, int)
        named = list(map(str, range(images) if counted else images))
        if (self.images is None or counted) and len(self.likeliest) != len(named):
            how = "in their order" if counted else "with a column 'image' that names it"
            raise InputError(
                f"there are predictions of {len(self.likeliest)} images, but {len(named)} in {source}: expected one "
                f"for each, {how}."
            )
        if self.images is None or (counted and not any(str(name).isdigit() for name in self.images)):
            return self
        others = set(map(str, self.images)) - set(named)
        if counted and others:
            raise InputError(
                f"the predictions name the image {min(others)!r}, but images in {source} have no names: expected their "
                f"places, 0 to {images - 1}. Or leave the column out, if the n-th row is of the n-th image."
            )
        problems = Problems(f"the predictions for {source}")
        place = self._places(problems)
        for name in set(named) - set(place):
            problems.add(f"there is none of {name!r}", kind="images without a prediction")
        for name in others:
            problems.add(f"{name!r} is no image there", kind="predictions of other images")
        problems.raise_if_any()
        return self.rows([place[name] for name in named])

    def check_named_once(self, source):
        """Raises `InputError` if rows name an image twice: it would count twice, or for two groups.

        Args:
            source: what they are, for the message.
        """
        problems = Problems(source)
        self._places(problems)
        problems.raise_if_any()

    def _places(self, problems):
        """Returns the row of each image; adds those that several are of."""
        place = {}
        for row, name in enumerate(map(str, () if self.images is None else self.images)):
            if name in place:
                problems.add(f"{name!r} is in row {place[name] + 1} and {row + 1}", kind="images named twice")
            place.setdefault(name, row)
        return place

    def rows(self, rows):
        """Returns those of some rows."""
        return Predictions(self.names, *(None if part is None else part[rows] for part in self[1:]))


def read_predictions(source, names=None, with_truth=False):
    """Reads predictions.

    Args:
        source: path of a CSV, or a DataFrame. Columns: `group`, the predicted one; or one column per group, named like
            it, with its probability; `true`, the true group, if it is known; `image`, `file_name` or `file`, which
            image it is; no other column may be there.
        names: names of the groups, in the order wanted; `None`: those of the columns of probabilities, in their order,
            or those that occur in `group` and `true`, sorted.
        with_truth: whether the column `true` must be there.

    Returns:
        `Predictions`.

    Raises:
        InputError: lists all that is wrong.
    """
    frame, source = _frame(source)
    problems = Problems(source)
    columns = [name for name in frame.columns if name not in (*NAMES, TRUE)]
    if len(frame) == 0:
        raise InputError(f"{source} has no rows: expected one per image.")
    if with_truth and TRUE not in frame:
        problems.add(f"there is no column {TRUE!r}", "Add it: the true group of each real image.", TRUE)
    if GROUP in columns:
        if len(columns) > 1:
            others = ", ".join(repr(name) for name in columns if name != GROUP)
            what = f"there is a column {GROUP!r}, and {others}"
            problems.add(what, "Give the predicted group, or a probability per group, not both.", GROUP)
        told, chances = frame[GROUP], None
    elif len(columns) < 2:
        what = f"its columns are {', '.join(map(repr, frame.columns))}"
        cure = f"Give {GROUP!r}, the predicted group, or a column per group with its probability."
        problems.add(what, cure)
        problems.raise_if_any()
    else:
        told, chances = None, _chances(frame[columns], names or (), problems)
    problems.raise_if_any()
    truths = frame.get(TRUE)
    names = tuple(names or _found(told, columns, truths))
    check_names(names, "groups", source)
    if len(names) < 2:
        raise InputError(
            f"{source} has one group, {names[0]!r}: expected at least two; name all with --groups."
        )
    likeliest = _codes(told, names, GROUP, problems) if told is not None else None
    true = None if truths is None else _codes(truths, names, TRUE, problems)
    if chances is not None:
        unknown = [name for name in columns if name not in names]
        lacking = [name for name in names if name not in columns]
        if unknown or lacking:
            what = f"columns of probabilities are {', '.join(columns)}"
            problems.add(what, f"Expected one for each group: {', '.join(names)}.")
        else:
            chances = chances[:, [columns.index(name) for name in names]]
            likeliest = chances.argmax(axis=1)
    problems.raise_if_any()
    images = next((frame[name].to_numpy() for name in NAMES if name in frame), None)
    return Predictions(names, likeliest, chances, true, images)


def _frame(source):
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        return source.reset_index(drop=True).rename(columns=str), "the predictions"
    path = regular_file(source, f"a CSV with a row per image, and a column {GROUP!r}")
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True), path
    except (ValueError, OSError, pd.errors.ParserError) as error:
        raise InputError(f"{path} is no CSV that can be read: {error}.") from error


def _found(told, columns, truths):
    if told is None:
        return columns
    values = set(told.astype(str)) | (set() if truths is None else set(truths.astype(str)))
    return sorted(values - {""}) or [""]


def _codes(column, names, what, problems):
    place = {str(name): index for index, name in enumerate(names)}
    values = column.astype(str).tolist()
    for row, value in enumerate(values):
        if value not in place:
            shown = f"{what} is {value!r}" if value else f"{what} is empty"
            cure = f"Expected one of {', '.join(names)}."
            problems.add(f"{shown} in row {row + 1}", cure, what, f"values of {what!r}")
    return np.array([place.get(value, 0) for value in values], dtype=np.int64)


def _chances(frame, groups, problems):
    """Probabilities as floats; what is no probability, or does not sum to one, is a problem."""
    import pandas as pd

    chances = frame.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    bad = ~(np.isfinite(chances) & (chances >= 0) & (chances <= 1))
    strange = [repr(name) for name in frame.columns[bad.all(axis=0)] if name not in groups]
    if len(frame) > 1 and strange:
        what = f"{', '.join(strange)} {'are no columns' if len(strange) > 1 else 'is no column'} of probabilities"
        problems.add(
            what, f"Give {GROUP!r}, the predicted group, or a column per group with its probability alone."
        )
        return chances
    for row, column in np.argwhere(bad):
        what = f"{frame.columns[column]!r} is {frame.iat[row, column]!r} in row {row + 1}"
        problems.add(what, "Expected a probability, from 0 to 1.", kind="probabilities")
    sums = chances.sum(axis=1)
    for row in np.flatnonzero(~bad.any(axis=1) & (np.abs(sums - 1) > SUM_TOLERANCE)):
        what = f"the probabilities of row {row + 1} sum to {sums[row]:.4g}"
        problems.add(what, "Expected 1.", kind="sums")
    return chances
