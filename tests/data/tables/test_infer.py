"""What a column holds, found out from its values."""

import numpy as np
import pandas as pd
import pytest

from repfair_keras.data.tables.infer import date_format, infer

N = 120


@pytest.mark.parametrize(
    ("values", "kind", "dtype", "date"),
    [
        (range(17, 17 + N), "key", "int", ""),  # counted like a key
        ([5, 3, 1] * 40, "numeric", "int", ""),
        ([5.0, 3.0, None] * 40, "numeric", "int", ""),
        ([0.5, 3.0, None] * 40, "numeric", "float", ""),
        ([True, False, None] * 40, "categorical", "bool", ""),
        (["a", "b", None] * 40, "categorical", "text", ""),
        (["2024-01-31", "2024-02-01"] * 60, "date", "text", "%Y-%m-%d"),
        ([" 31.01.2024", "1.2.2024"] * 60, "date", "text", "%d.%m.%Y"),
        (["01/31/2024", "02/01/2024"] * 60, "date", "text", "%m/%d/%Y"),
        (["2024-01-31 10:30:00", "9999-12-31 00:00:00"] * 60, "date", "text", "%Y-%m-%d %H:%M:%S"),
        (["Jan 31, 2024", "Feb 1, 2024"] * 60, "date", "text", "%b %d, %Y"),
        (["10-19", "20-29", "30-39"] * 40, "categorical", "text", ""),  # ranges of ages are no months
        (["12.50", "13.10"] * 60, "categorical", "text", ""),
        (pd.to_datetime(["2024-01-31", None] * 60), "date", "int", "datetime"),
        (
            pd.Series([pd.Timestamp("2024-01-31"), pd.Timestamp("2024-02-01")] * 60, dtype=object),
            "date",
            "int",
            "datetime",
        ),
        (pd.Categorical([1, 2] * 60), "categorical", "int", ""),
        ([7] * N, "constant", "int", ""),
        ([None] * N, "empty", "text", ""),
        (["x", None] * 60, "categorical", "text", ""),  # that it is missing says something
        ([2**60, 2**60 + 1] * 60, "categorical", "text", ""),  # a float does not tell them apart
        ([f"{i:05d}-{i * 7919 % 9973}" for i in range(N)], "key", "text", ""),
        (np.random.default_rng(0).normal(size=N), "numeric", "float", ""),
        (np.random.default_rng(0).permutation(5000)[:N], "numeric", "int", ""),  # different by chance
    ],
)
def test_kinds(values, kind, dtype, date):
    found = infer(pd.Series(values, name="x"))
    assert (found.kind, found.dtype, found.date) == (kind, dtype, date)
    assert found.other == ()


@pytest.mark.parametrize(
    ("name", "is_key"),
    [("person_id", True), ("id", True), ("customerId", True), ("paid", False), ("width", False)],
)
def test_names_of_keys(name, is_key):
    numbers = np.random.default_rng(0).permutation(5000)[:N]
    assert (infer(pd.Series(numbers, name=name)).kind == "key") == is_key
    assert infer(pd.Series(numbers[:49], name=name)).kind == "numeric", "so few rows may all differ"
    assert infer(pd.Series(np.append(numbers, numbers[0]), name=name)).kind == "numeric", "one comes twice"


def test_dates_of_another_format_are_named_by_their_places():
    series = pd.Series(
        [None, "2024-01-31", "31.1.2024", "2024-02-01", "never", "2024-02-03"] + ["2024-02-02"] * 60
    )
    assert infer(series).other == (2, 4)
    assert date_format(pd.Series(["2024-01-31", "x"] * 50)) == ("", ())
