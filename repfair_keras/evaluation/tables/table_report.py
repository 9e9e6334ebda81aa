"""The report on a synthetic table: likeness, privacy, and what classifiers learn from it."""

import numpy as np

from repfair_keras.evaluation.report import TableReport
from repfair_keras.metrics.downstream import (
    CLASSIFIERS,
    Rows,
    baseline,
    downstream,
    proxy_test,
    trained_on,
    trivial,
    without_the_group,
)
from repfair_keras.metrics.tabular_similarity import (
    closest_records,
    column_similarity,
    neighbours,
    pair_similarity,
)


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
        `TableReport`, without the origin of the rows.
    """
    schema, k = data.schema, data.n_groups
    training = data.codes if training is None else training
    sides = {"real": data.codes, "test": data.test_codes, "synthetic": codes}
    rows = {side: rows_of(side_codes, schema) for side, side_codes in sides.items()}
    tested = baseline(rows["test"].targets)
    sides = trained_on(rows["real"], rows["synthetic"], k, seed)
    found = {
        name: {side: downstream(train, rows["test"], k, name, seed) for side, train in sides.items()}
        for name in CLASSIFIERS
    }
    return TableReport.from_dict(
        {
            "n": len(codes),
            "groups": list(data.group_names),
            "proportions": (np.bincount(rows["synthetic"].groups, minlength=k) / len(codes)).tolist(),
            "sensitive": schema.sensitive,
            "target": schema.target,
            "positive": data.class_names[-1],
            "positive_by_group": {side: _positive_by_group(part, k) for side, part in rows.items()},
            "quality": _quality(data, marginal, seed),
            "privacy": closest_records(training, data.test_codes, marginal, schema.sizes, seed),
            "downstream": found,
            "group_column": without_the_group(rows["real"], rows["synthetic"], rows["test"], k, seed),
            "tested": tested,
            "warnings": list(trivial(found, tested)),
            "proxy": {
                side: proxy_test(rows[side], rows["test"], k, seed=seed) for side in ("real", "synthetic")
            },
        }
    )


def _quality(data, marginal, seed):
    """Likeness to the test rows: of synthetic rows, and of training rows in their place."""
    sizes, test = data.schema.sizes, data.test_codes
    columns = column_similarity(test, marginal, sizes)
    apart = ~np.eye(len(sizes), dtype=bool)
    return {
        "columns": dict(zip(data.schema.names, columns.tolist(), strict=True)),
        "column_similarity": float(columns.mean()),
        "column_similarity_real": float(column_similarity(test, data.codes, sizes).mean()),
        "pair_similarity": float(pair_similarity(test, marginal, sizes)[apart].mean()),
        "pair_similarity_real": float(pair_similarity(test, data.codes, sizes)[apart].mean()),
        "neighbours": neighbours(test, marginal, sizes, seed=seed),
        "neighbours_real": neighbours(test, data.codes, sizes, seed=seed),
    }


def _positive_by_group(rows, k):
    return [_share(rows.targets[rows.groups == group]) for group in range(k)]


def rows_of(codes, schema):
    """Returns `Rows` for classifiers: the target is whether it has its last value."""
    target = schema.place(schema.target)
    return Rows(
        schema.one_hot(codes, leave_out=(*schema.sensitive_names, schema.target)),
        schema.groups_of(codes),
        codes[:, target] == schema.sizes[target] - 1,
    )


def _share(values):
    return float(values.mean()) if len(values) else None
