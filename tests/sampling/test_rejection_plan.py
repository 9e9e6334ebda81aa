"""What rejection will need, against numbers worked out by hand and against the work itself."""

import numpy as np
import pytest
from coin_generator import Coin, Eye
from scipy import stats

from repfair_keras.sampling.group_requests import GroupRequest
from repfair_keras.sampling.rejection import generate_by_rejection
from repfair_keras.sampling.rejection_plan import duration, make_plan

WHITE, BLACK = GroupRequest("white", 1, None, 1100), GroupRequest("black", 0, None, 300)


def test_numbers_by_hand():
    """100 of 500 are white: 1,000 more need 5,000. 400 of 500 are black: none is missing."""
    plan = make_plan([WHITE, BLACK], np.array([[380, 100, 20], [400, 90, 10]]), 1000, seconds=2.0)
    (white,) = plan.requests
    assert (white.missing, white.rate, plan.images) == (1000, 0.2, 5000)
    tails = stats.binom.sf(99, 500, white.low), stats.binom.cdf(100, 500, white.high)
    assert tails == pytest.approx((0.025, 0.025)), "as many or more, as few or fewer, in 1 of 40 cases each"
    assert plan.interval == pytest.approx((1000 / white.high, 1000 / white.low))
    text = plan.to_text()
    assert "white: seen in 100 of 500 images, 20 % (95 % interval 16.6 % to 23.8 %); 1,000 more need" in text
    assert "Expected: about 5,000 more images, 10 s (from 4,200 to 6,000, 12 s)." in text
    assert "black" not in text


def test_a_group_that_was_not_seen_once():
    plan = make_plan([WHITE], np.array([[1000, 0, 0]]), 1000, seconds=1.0)
    assert plan.images == plan.interval[1] == np.inf
    assert plan.requests[0].high == pytest.approx(1 - 0.025 ** (1 / 1000))
    assert "if it is made at all" in plan.to_text()
    assert "Expected: at least 300,000 more images, 5 min." in plan.to_text()


def test_more_requests_than_images_in_the_pilot():
    plan = make_plan([WHITE], np.array([[0, 0, 0]]), 1000, seconds=1.0)
    assert (plan.requests[0].rate, plan.requests[0].low, plan.requests[0].high) == (0, 0, 1)
    assert "seen in 0 of 0 images" in plan.to_text()


def test_the_interval_holds_what_it_takes():
    """95 of 100 times by its definition; of 40 generators with one seed each, hardly fewer than 34."""
    inside = 0
    for seed in range(40):
        pilot = Eye().decide(Coin(0.2).generate(1000, seed).images)
        plan = make_plan([WHITE], np.bincount(pilot, minlength=3)[None], 1000, 1.0)
        low, high = plan.interval
        inside += low <= plan.requests[0].missing / 0.2 <= high
    assert inside >= 34
    _, report = generate_by_rejection(Coin(0.2), [WHITE], 7, Eye())
    assert 4500 <= report["images_generated"] <= 6500


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.001, "0.1 s"), (2.34, "2.3 s"), (59.6, "60 s"), (300, "5 min"), (7200, "2.0 h")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text
