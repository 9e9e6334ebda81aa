"""Scores of columns and pairs of them: by hand, and against sdmetrics on hostile tables."""

import warnings

import numpy as np
import pandas as pd
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.tables import (
    column_pair_trends,
    column_shapes,
    contingency_similarity,
    correlation_similarity,
    ks_complement,
    tv_complement,
)

KINDS = {
    **dict.fromkeys(("normal", "rounded", "count", "constant", "gone", "big", "tiny"), "numeric"),
    **dict.fromkeys(("day", "moment"), "date"),
    **dict.fromkeys(("text", "bool", "code", "same", "many", "empty", "dependent"), "categorical"),
}
SDTYPES = {"numeric": "numerical", "categorical": "categorical", "date": "datetime"}


def hostile(n, seed):
    """Columns of all kinds, with missing values, one value, no value, or nearly as many values as rows."""
    rng = np.random.default_rng(seed)
    normal = rng.normal(size=n)
    table = pd.DataFrame(
        {
            "normal": normal,
            "rounded": np.round(normal + rng.normal(size=n), 1),
            "count": rng.poisson(3, n).astype(float),
            "constant": 5,
            "gone": np.full(n, np.nan),
            "big": rng.integers(0, 50, n) * 1e12,
            "tiny": rng.random(n) * 1e-9,
            "day": pd.to_datetime("2020-01-01") + pd.to_timedelta(rng.integers(0, 1001, n), unit="D"),
            "moment": pd.to_datetime("2020-01-01") + pd.to_timedelta(rng.integers(0, 10**9, n), unit="s"),
            "text": rng.choice(["a", "b", "c d", "é"], n),
            "bool": rng.random(n) < 0.3,
            "code": rng.integers(0, 4, n),
            "same": "same",
            "many": rng.integers(0, 2 * n, n).astype(str),
            "empty": pd.Series(np.full(n, None), dtype=object),
        }
    )
    table["dependent"] = np.where(normal > 0, table["text"], "z")
    for column in ("normal", "rounded", "count", "day", "text", "code", "dependent"):
        table.loc[rng.random(n) < 0.1, column] = None
    return table[list(KINDS)]


def sdmetrics_report(real, synthetic, threshold=None):
    """Details of sdmetrics' QualityReport: of columns, and of pairs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reports = pytest.importorskip("sdmetrics.reports.single_table", reason="sdmetrics is the oracle")
        report = reports.QualityReport()
        if threshold is not None:
            report.real_correlation_threshold = report.real_association_threshold = threshold
        columns = {column: {"sdtype": SDTYPES[kind]} for column, kind in KINDS.items()}
        report.generate(real.copy(), synthetic.copy(), {"columns": columns}, verbose=False)
        scores = report.get_properties().set_index("Property")["Score"]
    return report.get_details("Column Shapes"), report.get_details("Column Pair Trends"), scores


def assert_equal(found, expected, within=1e-9):
    assert (found is None) == np.isnan(expected), (found, expected)
    assert found is None or abs(found - expected) <= within, (found, expected)


def test_columns_by_hand():
    # shares of a, b, c: 1/2 1/4 1/4 and 1/4 3/4 0
    assert tv_complement(["a", "a", "b", "c", None], ["a", "b", "b", "b"]) == pytest.approx(0.5)
    # below 2: 2/4 and 1/4; below 3: 3/4 and 4/4
    assert ks_complement([1, 2, 3, 4], [1, 3, 3, 3, np.nan]) == pytest.approx(0.75)
    assert ks_complement([0.1 + 0.2], [0.3]) == 1  # differ by a rounding error
    assert ks_complement([1e300, np.inf], [1e300, np.inf]) == 1
    assert ks_complement([1.0], [np.nan]) is None
    assert tv_complement(["a"], [None]) is None


def test_pairs_by_hand():
    assert correlation_similarity([[0, 0], [1, 1], [2, 2]], [[0, 2], [1, 1], [2, 0]]) == pytest.approx(0)
    assert correlation_similarity([[0, 0], [1, 1], [2, np.nan]], [[1, 1], [2, 2]]) == pytest.approx(1)
    assert correlation_similarity([[0, 1], [1, 1]], [[0, 0], [1, 1]]) is None
    # (a, x) (a, y) (b, nothing): 2 1 1 and 1 0 3 of 4
    real = [["a", "x"], ["a", "x"], ["a", "y"], ["b", None]]
    assert contingency_similarity(real, [["a", "x"], *[["b", np.nan]] * 3]) == pytest.approx(0.5)


@pytest.mark.parametrize(("n", "seed"), [(5, 0), (37, 1), (400, 2)])
def test_equals_sdmetrics(n, seed):
    real, synthetic = hostile(n, seed), hostile(n + 11, seed + 100)
    shapes, pairs, scores = sdmetrics_report(real, synthetic, threshold=0)
    found = column_shapes(real, synthetic, KINDS)
    for column, expected in zip(shapes["Column"], shapes["Score"], strict=True):
        new = set(synthetic[column].dropna()) - set(real[column].dropna())  # a millionth of a row each, there
        slack = len(new) * 1e-6 / real[column].notna().sum() if KINDS[column] == "categorical" and new else 0
        assert_equal(found["columns"][column], expected, 1e-9 + slack)
    found = column_pair_trends(real, synthetic, KINDS)
    assert [each["columns"] for each in found["pairs"]] == pairs[["Column 1", "Column 2"]].to_numpy().tolist()
    assert [each["metric"].replace("_", "") for each in found["pairs"]] == list(pairs["Metric"].str.lower())
    for each, expected in zip(found["pairs"], pairs["Score"], strict=True):
        assert_equal(each["score"], expected)
    assert found["mean"] == pytest.approx(scores["Column Pair Trends"], abs=1e-9)
    _, pairs, scores = sdmetrics_report(real, synthetic)  # related pairs alone
    assert [each["related"] for each in found["pairs"]] == list(pairs["Meets Threshold?"].fillna(False))
    assert found["n_related"] > 2
    assert_equal(found["mean_related"], scores["Column Pair Trends"])


def test_single_metrics_equal_sdmetrics():
    single = pytest.importorskip("sdmetrics.single_column", reason="sdmetrics is the oracle")
    pair = pytest.importorskip("sdmetrics.column_pairs", reason="sdmetrics is the oracle")
    real, synthetic = hostile(300, 3), hostile(200, 4)
    numeric, categorical = ["normal", "rounded"], ["text", "dependent"]
    for column in numeric:
        sides = real[column], synthetic[column]
        assert ks_complement(*sides) == pytest.approx(single.KSComplement.compute(*sides), abs=1e-9)
    for column in categorical:
        sides = real[column], synthetic[column]
        assert tv_complement(*sides) == pytest.approx(single.TVComplement.compute(*sides), abs=1e-9)
    sides = real[numeric], synthetic[numeric]
    assert correlation_similarity(*sides) == pytest.approx(
        pair.CorrelationSimilarity.compute(*sides), abs=1e-9
    )
    sides = real[categorical], synthetic[categorical]
    assert contingency_similarity(*sides) == pytest.approx(
        pair.ContingencySimilarity.compute(*sides), abs=1e-9
    )


def test_independent_columns_are_right_alone_and_wrong_in_pairs():
    real = hostile(2000, 5)[["normal", "rounded", "text", "dependent"]]
    kinds = {column: KINDS[column] for column in real}
    rng = np.random.default_rng(0)
    shuffled = pd.DataFrame({column: rng.permutation(real[column]) for column in real})
    assert column_shapes(real, shuffled, kinds)["mean"] == pytest.approx(1)
    found = column_pair_trends(real, shuffled, kinds)
    assert found["mean_related"] < 0.75
    assert column_pair_trends(real, real[::-1], kinds)["mean"] == pytest.approx(1)


def test_a_number_beside_a_category_is_cut_at_edges_of_its_own_table():
    """A shifted column is not seen, one that has an outlier is."""
    kinds = {"x": "numeric", "c": "categorical"}
    real = pd.DataFrame({"x": np.arange(100.0), "c": np.repeat(["a", "b"], 50)})
    assert column_pair_trends(real, real.assign(x=real["x"] + 1000), kinds)["mean"] == pytest.approx(1)
    stretched = real.assign(x=np.append(np.arange(99.0), 1e6))
    assert column_pair_trends(real, stretched, kinds)["mean"] < 0.3


def test_a_table_with_many_values_has_the_same_score_as_with_few():
    rng = np.random.default_rng(0)
    sides = [rng.integers(0, 3, (500, 2)) for _ in range(2)]
    many = [np.concatenate([side, np.stack([np.arange(3000)] * 2, 1)]) for side in sides]  # 9 million cells
    few = contingency_similarity(*sides)
    assert contingency_similarity(*many) == pytest.approx((few * 500 + 3000) / 3500)


def test_tables_of_real_size_take_seconds():
    table = hostile(50_000, 7).drop(columns="gone")
    kinds = {column: KINDS[column] for column in table}
    assert len(column_pair_trends(table, table[::-1], kinds)["pairs"]) == 105
    assert column_shapes(table, table[::-1], kinds)["mean"] == pytest.approx(1)


def test_dates_of_other_units_and_zones_are_the_same_dates():
    day = pd.Series(pd.to_datetime(["2020-01-01", "2020-01-02", None]))
    real = pd.DataFrame({"day": day})
    for other in (day.astype("datetime64[s]"), day.dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo")):
        found = column_shapes(real, pd.DataFrame({"day": other}), {"day": "date"})
        assert found["columns"]["day"] == 1


@pytest.mark.parametrize(
    ("synthetic", "kinds", "message"),
    [
        ({"a": [1]}, {"a": "number"}, "kind of column 'a' is 'number'"),
        ({"a": [1]}, {}, "kinds names no column"),
        ({"b": [1]}, {"a": "numeric"}, "the synthetic table has no column 'a'"),
        ({"a": []}, {"a": "numeric"}, "the synthetic table has no rows"),
        ({"a": ["x"]}, {"a": "numeric"}, "column 'a' holds values that are no numbers"),
        ({"a": ["2020-01-01"]}, {"a": "date"}, "expected dates, see pandas.to_datetime"),
    ],
)
def test_tables_that_do_not_fit(synthetic, kinds, message):
    real = pd.DataFrame({"a": pd.to_datetime(["2020-01-01"]) if "date" in kinds.values() else [1]})
    for measure in (column_shapes, column_pair_trends):
        with pytest.raises(InputError, match=message):
            measure(real, pd.DataFrame(synthetic), kinds)
    with pytest.raises(InputError, match="expected \\(N, 2\\)"):
        correlation_similarity([[1, 2, 3]], [[1, 2]])


@pytest.mark.parametrize("values", [[0.3, 0.1 + 0.2] * 2, [10**17, 10**17 + 16] * 2, [1e17] * 4])
def test_a_range_that_holds_no_ten_bins_has_no_score_beside_a_category(values):
    narrow = pd.DataFrame({"x": values, "c": list("abab")})
    wide = narrow.assign(x=[0, 1, 2, 3])
    kinds = {"x": "numeric", "c": "categorical"}
    for real, synthetic in ((narrow, wide), (wide, narrow), (narrow, narrow)):
        (pair,) = column_pair_trends(real, synthetic, kinds)["pairs"]
        assert (pair["score"], pair["real"], pair["related"]) == (None, None, False)
    assert column_pair_trends(wide, wide, kinds)["mean"] == 1
