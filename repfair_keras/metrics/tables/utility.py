"""Train on a synthetic table, test on a real one: how good a classifier of the values as they are is, and how fair."""

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.extras import needed
from repfair_keras.metrics.downstream import auroc
from repfair_keras.metrics.tables.columns import check_tables, group_labels, numbers
from repfair_keras.metrics.tables.parity import parity

CLASSIFIERS = ("gradient_boosting", "catboost")
MOST_CATEGORIES = 255  # that scikit-learn's trees take as categories and not as ordered numbers


def utility(train, test, target, positive, sensitive, kinds, seed=0, classifier="gradient_boosting"):
    """Trains a classifier of a column on one table, and measures it on real rows that were not trained on.

    It sees all other columns, sensitive ones too. Categories are those of the training rows: one that only test rows
    have is missing to it. Numbers are as they are, dates are seconds. Rows without a target are left out.

    Args:
        train: DataFrame, real or synthetic.
        test: DataFrame of real rows.
        target: name of the column to predict.
        positive: its positive value; all others are negative.
        sensitive: name of the column that makes the groups, or a list of names: groups are combinations of values
            then. Rows without a value are a group of their own.
        kinds: dict of column to `"numeric"`, `"categorical"` or `"date"`, the target among them.
        seed: seed of the classifier and of the bootstrap.
        classifier: `"gradient_boosting"`, scikit-learn's HistGradientBoostingClassifier, or `"catboost"`, if
            it is installed; both with their defaults.

    Returns:
        dict: `auroc`, `accuracy`, `demographic_parity_ratio`, `demographic_parity_difference`,
        `equalized_odds_ratio`, `equalized_odds_difference`: `[value, low, high]` with a 95 % bootstrap interval over
        test rows, or `None`, see `parity`; `n_train`, `n_test`: rows used; `groups`: dict of group to its `n`, its
        share of positive rows, `positive`, and of positive predictions, `predicted`, on test rows. A training table
        with one target alone predicts that target everywhere, with an AUROC of 0.5.

    Raises:
        InputError: if a column is not there or not of its kind, if no test row is positive or none is not, or if the
            classifier is not known or not installed.

    Reference: Esteban et al. 2017, https://arxiv.org/abs/1706.02633 (train on synthetic, test on real).

    Examples:
        >>> import numpy as np, pandas as pd
        >>> rng = np.random.default_rng(0)
        >>> rows = pd.DataFrame({"sex": rng.choice(["f", "m"], 400), "years": rng.integers(0, 20, 400)})
        >>> rows["hired"] = np.where(rows["years"] > 9, "yes", "no")
        >>> kinds = {"sex": "categorical", "years": "numeric", "hired": "categorical"}
        >>> found = utility(rows[:300], rows[300:], "hired", "yes", "sex", kinds)
        >>> found["accuracy"][0] > 0.95, found["n_train"], sorted(found["groups"])
        (True, 300, ['f', 'm'])
    """
    if classifier not in CLASSIFIERS:
        raise InputError(f"classifier is {classifier!r}: expected one of {', '.join(CLASSIFIERS)}.")
    check_tables(kinds, train=train, test=test)
    if target not in kinds:
        raise InputError(f"target is {target!r}: expected a column of kinds, {', '.join(map(str, kinds))}.")
    train, test = (table[table[target].notna()] for table in (train, test))
    features = {name: kind for name, kind in kinds.items() if name != target}
    is_positive = [(table[target] == positive).to_numpy(dtype=bool) for table in (train, test)]
    if len(test) == 0 or is_positive[1].all() or not is_positive[1].any() or not features or len(train) == 0:
        raise InputError(
            f"{is_positive[1].sum()} of {len(test)} test rows have {positive!r} in column {target!r}, {len(train)} "
            f"rows to train on have a target, {len(features)} columns are left: expected some of each, and test rows "
            "with another value."
        )
    groups = group_labels(test, sensitive)
    if is_positive[0].all() or not is_positive[0].any():
        scores = np.full(len(test), float(is_positive[0][0]))
    else:
        scores = _scores(classifier, train, is_positive[0], test, features, seed)
    predicted = scores > 0.5
    return {
        "auroc": auroc(is_positive[1], scores, seed),
        **parity(predicted, is_positive[1], groups, seed),
        "n_train": len(train),
        "n_test": len(test),
        "groups": {
            str(group): {
                "n": int((groups == group).sum()),
                "positive": float(is_positive[1][groups == group].mean()),
                "predicted": float(predicted[groups == group].mean()),
            }
            for group in sorted(set(groups))
        },
    }


def _scores(classifier, train, targets, test, kinds, seed):
    """Probability of the positive value of each test row."""
    categories = {
        name: sorted(train[name].dropna().astype(object).unique(), key=str)
        for name, kind in kinds.items()
        if kind == "categorical"
    }

    def encode(table):
        return {
            name: _places(table[name], categories[name]) if name in categories else numbers(table[name], kind)
            for name, kind in kinds.items()
        }

    fit = _catboost if classifier == "catboost" else _gradient_boosting
    return fit(encode(train), targets, encode(test), categories, seed)


def _gradient_boosting(train, targets, test, categories, seed):
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    few = [name in categories and len(categories[name]) <= MOST_CATEGORIES for name in train]
    train, test = (
        np.stack([_or_nan(name, table, categories) for name in table], axis=1) for table in (train, test)
    )
    model = HistGradientBoostingClassifier(random_state=seed, categorical_features=few)
    with threadpool_limits(
        1, "openmp"
    ):  # threads that wait for each other on a busy machine take a hundred times as long
        return model.fit(train, targets).predict_proba(test)[:, 1]


def _catboost(train, targets, test, categories, seed):
    import pandas as pd

    catboost = needed("catboost", "tables", ", or take 'gradient_boosting'")
    model = catboost.CatBoostClassifier(
        verbose=False, random_seed=seed, cat_features=list(categories), allow_writing_files=False
    )
    model.fit(pd.DataFrame(train), targets.astype(int))
    return model.predict_proba(pd.DataFrame(test))[:, 1]


def _places(series, categories):
    """int, shape `(N,)`: place of each value among those learnt, -1 for a missing one and for one that is not."""
    import pandas as pd

    return pd.Index(categories, dtype=object).get_indexer(pd.Index(series.astype(object), dtype=object))


def _or_nan(name, columns, categories):
    return np.where(columns[name] < 0, np.nan, columns[name]) if name in categories else columns[name]
