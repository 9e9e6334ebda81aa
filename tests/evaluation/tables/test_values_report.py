"""Reports of finely numbered tables: whatever a column holds, they are JSON."""

import json

import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.evaluation.tables.values_report import values_report


def dated(n=300):
    rng = np.random.default_rng(0)
    start = pd.to_datetime("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), "D")
    seen = pd.Series(start.strftime("%Y-%m-%d"))
    seen[::15] = "9999-12-31"
    left = pd.Series(start)
    left[::10] = pd.Timestamp("2199-12-31")
    words = {"sex": rng.choice(["f", "m"], n), "rich": rng.choice(["no", "yes"], n)}
    return pd.DataFrame({**words, "seen": seen, "left": left})


@pytest.mark.parametrize("rules", [None, "none"])
def test_sentinels_among_dates_are_told_as_text(rules):
    frame = dated()
    data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", rules=rules)
    leaking = data.test_frame.assign(
        seen=["5000-01-01", *data.test_frame["seen"][1:]],
        left=[pd.Timestamp("2150-01-01"), *data.test_frame["left"][1:]],
    )
    found = json.loads(json.dumps(values_report(leaking, data), allow_nan=False))
    gaps = {name: part[0] for name, part in found["sentinels_leaked"].items()}
    assert {name: gap["n"] for name, gap in gaps.items()} == {"seen": 1, "left": 1}
    assert gaps["seen"]["sentinels"] == ["9999-12-31 00:00:00"]
    assert gaps["left"]["sentinels"] == ["2199-12-31 00:00:00"]
