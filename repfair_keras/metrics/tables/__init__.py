"""What a synthetic table is worth, on its values as they are: likeness, use, fairness, privacy and validity.

A table is a `pandas.DataFrame`, and `kinds` says what its columns are: `{"age": "numeric", "sex": "categorical",
"born": "date"}`. Columns that are not named there are left out. Values may be missing in any column.
"""

from repfair_keras.metrics.tables.columns import KINDS, group_labels
from repfair_keras.metrics.tables.membership import membership_inference
from repfair_keras.metrics.tables.parity import (
    demographic_parity_difference,
    demographic_parity_ratio,
    equalized_odds_difference,
    equalized_odds_ratio,
    parity,
)
from repfair_keras.metrics.tables.privacy import copying
from repfair_keras.metrics.tables.shapes import column_shapes, ks_complement, tv_complement
from repfair_keras.metrics.tables.trends import (
    column_pair_trends,
    contingency_similarity,
    correlation_similarity,
)
from repfair_keras.metrics.tables.utility import utility
from repfair_keras.metrics.tables.validity import sentinels, sentinels_leaked, values_never_seen

__all__ = [
    "KINDS",
    "column_pair_trends",
    "column_shapes",
    "contingency_similarity",
    "copying",
    "correlation_similarity",
    "demographic_parity_difference",
    "demographic_parity_ratio",
    "equalized_odds_difference",
    "equalized_odds_ratio",
    "group_labels",
    "ks_complement",
    "membership_inference",
    "parity",
    "sentinels",
    "sentinels_leaked",
    "tv_complement",
    "utility",
    "values_never_seen",
]
