"""Figure 9: skew at each share of the training data."""

import pytest
from toy_figures import measured, photographs, with_shares

from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, UNTESTED
from repfair_keras.papers.repfair.fig9_unequal_shares import FIGURE


@pytest.mark.parametrize(
    ("gan", "repfair", "verdict"),
    [
        ({0.2: 0.1, 0.3: 0.1, 0.4: 0.2}, {0.2: 0.4, 0.3: 0.3, 0.4: 0.45}, HOLDS),
        ({0.2: 0.1, 0.3: 0.1, 0.4: 0.2}, {0.2: 0.2, 0.3: 0.3, 0.4: 0.45}, IN_PART),  # 20 % is more skewed
        ({0.2: 0.2, 0.3: 0.3, 0.4: 0.4}, {0.2: 0.1, 0.3: 0.1, 0.4: 0.1}, FAILS),
    ],
)
def test_figure_9_compares_skew_at_each_share(gan, repfair, verdict):
    records = photographs(shares=(0.2, 0.3, 0.4), seeds=6)
    got = measured(
        FIGURE, with_shares(records, gan=lambda c: gan[c["share"]], repfair=lambda c: repfair[c["share"]])
    )
    assert got.verdict == verdict, got.why
    assert "the paper does not say of which group" in got.text.lower() and len(got.why.split()) < 80


def test_figure_9_names_the_share_that_is_missing():
    got = measured(FIGURE, photographs(shares=(0.2, 0.4)))
    assert got.verdict == UNTESTED
    assert "30 % in the training data" in got.why and "20 %" not in got.why
