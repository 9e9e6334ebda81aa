"""The report on a synthetic table: likeness, privacy, and what classifiers learn from it."""

import numpy as np

from repfair_keras.metrics.downstream import CLASSIFIERS, Rows, downstream, proxy_test
from repfair_keras.metrics.tabular_similarity import (
    closest_records,
    column_similarity,
    neighbours,
    pair_similarity,
)

TRAINED_ON = ("real", "synthetic", "augmented")


def make_table_report(codes, marginal, data, training=None, seed=0):
    """Measures a synthetic table against the real one.

    Args:
        codes: int32, synthetic rows with groups as asked for, shape `(n, n_columns)`.
        marginal: int32, synthetic rows with groups as often as in the training rows, same shape: those that
            likeness is measured on, as groups in other shares are no fault of a generator.
        data: `TableDataset`: training and test rows, all of them.
        training: int32, the rows that the generator was trained on, where those are fewer; `None`: all.
        seed: seed of classifiers, bootstraps and choices of rows.

    Returns:
        dict, as written to `report.json`; docs/report.md says what its keys mean.
    """
    schema = data.schema
    training = data.codes if training is None else training
    sizes, names = schema.sizes, schema.names
    columns = column_similarity(data.test_codes, marginal, sizes)
    between = column_similarity(data.test_codes, data.codes, sizes)
    pairs = pair_similarity(data.test_codes, marginal, sizes)
    apart = ~np.eye(len(sizes), dtype=bool)
    sides = {"real": data.codes, "test": data.test_codes, "synthetic": codes}
    rows = {side: rows_of(side_codes, schema) for side, side_codes in sides.items()}
    k = data.n_groups
    return {
        "n": len(codes),
        "groups": list(data.group_names),
        "proportions": (np.bincount(rows["synthetic"].groups, minlength=k) / len(codes)).tolist(),
        "sensitive": schema.sensitive,
        "target": schema.target,
        "positive": data.class_names[-1],
        "positive_by_group": {
            side: [_share(each.targets[each.groups == group]) for group in range(k)]
            for side, each in rows.items()
        },
        "quality": {
            "columns": dict(zip(names, columns.tolist(), strict=True)),
            "column_similarity": float(columns.mean()),
            "column_similarity_real": float(between.mean()),
            "pair_similarity": float(pairs[apart].mean()),
            "pair_similarity_real": float(pair_similarity(data.test_codes, data.codes, sizes)[apart].mean()),
            "neighbours": neighbours(data.test_codes, marginal, sizes, seed=seed),
            "neighbours_real": neighbours(data.test_codes, data.codes, sizes, seed=seed),
        },
        "privacy": closest_records(training, data.test_codes, marginal, sizes, seed),
        "downstream": {name: _by_training(rows, k, name, seed) for name in CLASSIFIERS},
        "proxy": {side: proxy_test(rows[side], rows["test"], k, seed=seed) for side in ("real", "synthetic")},
    }


def rows_of(codes, schema):
    """Returns `Rows` for classifiers: the target is whether it has its last value."""
    target = schema.place(schema.target)
    return Rows(
        schema.one_hot(codes, leave_out=(schema.sensitive, schema.target)),
        codes[:, schema.place(schema.sensitive)],
        codes[:, target] == schema.sizes[target] - 1,
    )


def _by_training(rows, k, classifier, seed):
    trained_on = {
        "real": rows["real"],
        "synthetic": rows["synthetic"],
        "augmented": rows["real"].joined(rows["synthetic"]),
    }
    return {name: downstream(each, rows["test"], k, classifier, seed) for name, each in trained_on.items()}


def _share(values):
    return float(values.mean()) if len(values) else None
