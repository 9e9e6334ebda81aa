"""How the arena measures: one split, codes for categories, a classifier of synthetic rows asked about real test rows.

As in the published code, categories are numbered in the order of their texts and given to the classifier as numbers,
sensitive columns are features, and classifiers have their defaults.

Reference: Yang et al., Balanced Mixed-Type Tabular Data Synthesis with Diffusion Models, TMLR 2025,
https://github.com/comp-well-org/fair-tab-diffusion.
"""

import importlib.util
from typing import NamedTuple

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.core.extras import needed
from repfair_keras.metrics.tables.columns import row_codes
from repfair_keras.metrics.tables.parity import demographic_parity_ratio, equalized_odds_ratio
from repfair_keras.metrics.tables.shapes import column_shapes
from repfair_keras.metrics.tables.trends import column_pair_trends
from repfair_keras.papers.tables.arena_data import ArenaTable

PROTOCOL = 1  # raised with every change of what a cell is measured by
SPLIT_SEED = 42
FEWEST = 8  # rows of which all three parts have some
GRADIENT_BOOSTING, CATBOOST = CLASSIFIERS = ("gradient_boosting", "catboost")
CLASSIFIER_NAMES = {GRADIENT_BOOSTING: "HistGradientBoosting", CATBOOST: "CatBoost"}


class Split(NamedTuple):
    """The three parts of a table: half of its rows, and two quarters."""

    train: pd.DataFrame
    validation: pd.DataFrame
    test: pd.DataFrame


def split(table: ArenaTable) -> Split:
    """Splits a table as the published code does: training rows 50 %, validation and test 25 % each.

    Raises:
        InputError: if it has too few rows.
    """
    from sklearn.model_selection import train_test_split

    frame = table.frame
    if len(frame) < FEWEST:
        raise InputError(f"table {table.name!r} has {len(frame)} rows: expected at least {FEWEST}.")
    train, rest = train_test_split(np.arange(len(frame)), test_size=0.5, random_state=SPLIT_SEED)
    validation, test = train_test_split(rest, test_size=0.5, random_state=SPLIT_SEED)
    return Split(*(frame.iloc[rows].reset_index(drop=True) for rows in (train, validation, test)))


def encoded(table: ArenaTable, rows: pd.DataFrame) -> pd.DataFrame:
    """Returns the features of rows as numbers.

    Args:
        table: the table, all of whose categories are numbered.
        rows: DataFrame with its columns.

    Returns:
        DataFrame of float64; NaN for a category that the table does not have.
    """
    columns = {}
    for name in table.features:
        if table.kinds[name] == "numeric":
            columns[name] = pd.to_numeric(rows[name]).to_numpy(float)
        else:
            known = pd.Index(sorted(table.frame[name].unique()))
            places = known.get_indexer(rows[name].astype(str))
            columns[name] = np.where(places < 0, np.nan, places)
    return pd.DataFrame(columns)


def classifiers() -> tuple[str, ...]:
    """Returns the names of the classifiers that can be asked here: CatBoost where it is installed."""
    return CLASSIFIERS if importlib.util.find_spec("catboost") else (GRADIENT_BOOSTING,)


def measure_rows(
    table: ArenaTable, parts: Split, rows: pd.DataFrame, seed: int, names: tuple[str, ...] | None = None
) -> dict:
    """Measures rows, real or synthetic.

    Args:
        table: the table.
        parts: its parts.
        rows: what classifiers learn from.
        seed: seed of the classifiers.
        names: classifiers to ask; `None`: all that can be asked.

    Returns:
        dict: of each classifier a dict of `auroc` and, by sensitive column, `dpr` (demographic parity ratio) and `eor`
        (equalised odds ratio), on test rows; `shape` and `trend`, how alike columns and pairs of columns are to
        those of test rows; `copies`, the share of rows that equal a training row, and `copies_held_out`, of test rows,
        which are no copies. `None` where there is no value.

    Raises:
        InputError: if a classifier is not known, or test rows are all of one class.
    """
    return {
        "classifiers": {
            name: _asked(table, parts.test, rows, name, seed)
            for name in (classifiers() if names is None else names)
        },
        "shape": column_shapes(parts.test, rows, table.kinds)["mean"],
        "trend": column_pair_trends(parts.test, rows, table.kinds)["mean"],
        "copies": _copies(table, parts.train, rows),
        "copies_held_out": _copies(table, parts.train, parts.test),
    }


def _asked(table, test, rows, name, seed):
    """What a classifier of rows does with test rows."""
    from sklearn.metrics import roc_auc_score

    spec = table.spec
    wanted, learnt = ((part[spec.target].astype(str) == spec.positive).to_numpy(int) for part in (test, rows))
    if len(set(wanted)) < 2:
        raise InputError(
            f"the test rows of table {table.name!r} are all of one class: expected some with "
            f"{spec.positive!r} in column {spec.target!r} and some without."
        )
    if len(set(learnt)) < 2:
        scores = np.full(len(test), float(learnt[0]))
    else:
        scores = _scores(name, encoded(table, rows), learnt, encoded(table, test), seed)
    predicted = (scores > 0.5).astype(int)
    groups = {column: test[column].to_numpy() for column in spec.sensitive}
    return {
        "auroc": float(roc_auc_score(wanted, scores)),
        "dpr": {column: demographic_parity_ratio(predicted, group) for column, group in groups.items()},
        "eor": {column: equalized_odds_ratio(predicted, wanted, group) for column, group in groups.items()},
    }


def _scores(name, train, targets, test, seed):
    """Probability of the positive class of each test row."""
    if name == GRADIENT_BOOSTING:
        from sklearn.ensemble import HistGradientBoostingClassifier
        from threadpoolctl import threadpool_limits

        # Where cores are shared, its threads wait for one another: minutes in the place of seconds.
        with threadpool_limits(1, "openmp"):
            model = HistGradientBoostingClassifier(random_state=seed)
            return model.fit(train, targets).predict_proba(test)[:, 1]
    if name != CATBOOST:
        raise InputError(f"classifier is {name!r}: expected one of {', '.join(CLASSIFIERS)}.")
    model = needed("catboost", "tables").CatBoostClassifier(
        allow_writing_files=False, random_seed=seed, silent=True
    )
    return model.fit(train, targets).predict_proba(test)[:, 1]


def _copies(table, train, rows):
    """Share of rows that equal a training row."""
    known, made = row_codes(table.kinds, train, rows)
    return float(np.isin(made, known).mean())
