"""What a report says of the values of synthetic rows as they are written, not of their categories."""

import pandas as pd

from repfair_keras.data.tables.blanks import without_blanks
from repfair_keras.data.tables.column import PANDAS_DATE, read_dates, to_dates
from repfair_keras.metrics.tables.columns import group_labels
from repfair_keras.metrics.tables.membership import membership_inference
from repfair_keras.metrics.tables.privacy import copying
from repfair_keras.metrics.tables.shapes import column_shapes
from repfair_keras.metrics.tables.trends import column_pair_trends
from repfair_keras.metrics.tables.utility import utility
from repfair_keras.metrics.tables.validity import sentinels_leaked, values_never_seen

THREE = ("training", "test", "synthetic")
MOST_ROWS = 20_000  # of each side that pairs of columns are compared on


def values_report(frame, data, training=None, seed=0):
    """Measures synthetic rows by their values.

    Args:
        frame: DataFrame of synthetic rows, the columns of the real table.
        data: `TableDataset`, finely numbered: all rows.
        training: DataFrame of the rows that the generator was trained on, where those are fewer; `None`: all.
        seed: seed of classifiers, halves and bootstraps.

    Returns:
        dict: `utility`, of classifiers trained on `real` and on `synthetic` rows, see `metrics.tables.utility`;
        `shapes` and `trends`, dicts of `score`, of `real` training rows in its place, and of `columns` or `pairs`;
        `copying`, see `metrics.tables.privacy`; `membership`, see `metrics.tables.membership`; `never_seen` and
        `sentinels_leaked`, see `metrics.tables.validity`, columns alone where there is something to tell; `rules`,
        dict of each rule between columns to the share of `synthetic` and of `test` rows that break it.
    """
    schema, frame = data.schema, without_blanks(frame)  # as the real rows are
    kinds, dates = kinds_of(schema)
    real = data.train_frame if training is None else training
    sides = {"real": data.train_frame, "test": data.test_frame, "synthetic": frame, "training": real}
    sides = {side: as_measured(schema.without_keys(rows), kinds, dates) for side, rows in sides.items()}
    target, sensitive = schema.column(schema.target), list(schema.sensitive_names)
    positive = target.values[-1]
    learnt = {
        side: utility(sides[side], sides["test"], schema.target, positive, sensitive, kinds, seed)
        for side in ("real", "synthetic")
    }
    groups = {side: group_labels(sides[side], sensitive) for side in THREE}
    three = [sides[side] for side in THREE]
    never_seen = values_never_seen(sides["real"], sides["synthetic"], kinds)
    return _as_json(
        {
            "utility": learnt,
            "shapes": _likeness(column_shapes, sides, kinds),
            "trends": _likeness(
                column_pair_trends, {side: _some(rows, seed) for side, rows in sides.items()}, kinds
            ),
            "copying": copying(*three, kinds, [groups[side] for side in THREE], seed),
            "membership": membership_inference(
                *three, kinds, [groups[side] for side in THREE[:2]], seed=seed
            ),
            "never_seen": {
                name: found
                for name, found in never_seen.items()
                if any(found[kind] for kind in ("unseen", "outside", "missing"))
            },
            "sentinels_leaked": sentinels_leaked(sides["real"], sides["synthetic"], kinds),
            "rules": {
                str(rule): {
                    "synthetic": float(rule.broken(frame).mean()),
                    "test": float(rule.broken(data.test_frame).mean()),
                }
                for rule in schema.rules
            },
        }
    )


def kinds_of(schema):
    """Returns `(kinds, dates)`: column to `"numeric"`, `"categorical"` or `"date"`, and to the format of its dates.

    Columns of keys are left out: synthetic ones are new; of those that some rows lack it counts who does.
    """
    kinds = {column.name: "date" if column.date else column.kind for column in schema.columns}
    dates = {column.name: column.date for column in schema.columns if column.date}
    for rule in schema.rules:
        kinds[rule.column] = "numeric"
        if rule.kind == "order" and rule.date:
            kinds[rule.column], dates[rule.column] = "date", rule.date
        if rule.kind == "function":
            given = [value for _, value in rule.values if value is not None]
            numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in given)
            kinds[rule.column] = "numeric" if numbers else "categorical"
    return {name: kinds[name] for name in schema.all_names if name in kinds}, dates


def as_measured(frame, kinds, dates):
    """Returns the columns of a frame that are measured, dates as pandas has them."""
    frame = frame[list(kinds)].reset_index(drop=True)
    text = {name: form for name, form in dates.items() if form != PANDAS_DATE}
    read = {
        name: pd.Series(read_dates(frame[name], form)) for name, form in text.items()
    }  # the year 9999 too
    return frame.assign(**{name: to_dates(seconds, PANDAS_DATE) for name, seconds in read.items()})


def _some(rows, seed):
    return rows if len(rows) <= MOST_ROWS else rows.sample(MOST_ROWS, random_state=seed)


def _likeness(measure, sides, kinds):
    """Likeness to the test rows, of synthetic ones and of real ones in their place."""
    found = measure(sides["test"], sides["synthetic"], kinds)
    scores = {name: part for name, part in found.items() if name != "mean"}
    return {"score": found["mean"], "real": measure(sides["test"], sides["real"], kinds)["mean"], **scores}


def _as_json(found):
    """Numbers and text as they are, dates as text."""
    if isinstance(found, dict):
        return {str(name): _as_json(part) for name, part in found.items()}
    if isinstance(found, list | tuple):
        return [_as_json(part) for part in found]
    return found if found is None or isinstance(found, bool | int | float | str) else str(found)
