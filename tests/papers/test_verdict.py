"""A verdict follows from its parts, and a part only from intervals over enough seeds."""

import pytest

from repfair_keras.metrics.intervals import Interval, mean_interval
from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, OPEN, UNTESTED
from repfair_keras.papers.verdict import Part, above, below, judge, majority_part


@pytest.mark.parametrize(
    ("values", "up"),
    [((4, 5, 6), True), ((-4, -5, -6), False), ((-1, 1, 2), None), ((5, 6), None), ((5,), None), ((), None)],
)
def test_an_interval_decides_only_if_all_of_it_is_on_one_side_and_of_three_seeds(values, up):
    interval = mean_interval(values)
    assert above(interval, 0) is up
    assert below(interval, 0) is (None if up is None else not up)


def test_a_bound_at_the_end_of_an_interval_leaves_it_open():
    assert above(Interval(2.0, 1.0, 3.0, 3), 1.0) is None
    assert above(Interval(2.0, 1.0, 3.0, 3), 0.999) is True
    assert above(Interval(2.0, 1.0, 3.0, 2), 0.999) is None


def test_seeds_that_are_all_alike_show_nothing_below_six():
    assert above(mean_interval([1.0] * 5), 0.1) is None
    assert above(mean_interval([1.0] * 6), 0.1) is True


YES, NO, UNKNOWN = Part("yes", True), Part("no", False), Part("unknown", None)


KEY_YES, KEY_NO, KEY_UNKNOWN = (part._replace(key=True) for part in (YES, NO, UNKNOWN))


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ([KEY_YES, YES], HOLDS),
        ([KEY_YES, NO], IN_PART),
        ([KEY_YES, UNKNOWN], IN_PART),
        ([KEY_YES, KEY_NO], IN_PART),
        ([KEY_NO, YES], FAILS),
        ([KEY_NO, KEY_UNKNOWN], FAILS),
        ([KEY_UNKNOWN, NO], OPEN),
        ([KEY_UNKNOWN, YES], OPEN),
    ],
)
def test_verdicts_follow_the_parts(parts, verdict):
    found = judge([], "", parts, ["So we say."])
    assert found.verdict == verdict
    assert found.rule.startswith("So we say. The claim holds if")
    assert [text.strip("*") for text, _ in found.parts] == [part.text for part in parts]
    assert all(text.startswith("**") is part.key for (text, _), part in zip(found.parts, parts, strict=True))


def test_the_reason_names_what_the_claim_stands_on():
    parts = [Part("a", None, True), Part("b", True, True), Part("c", False), Part("d", True)]
    assert judge([], "", parts, []).why == (
        "Shown: b. Left open: a. Of all 4 parts: 2 shown, 1 contradicted, 1 left open."
    )


@pytest.mark.parametrize(
    ("k", "n", "shown"), [(6, 6, True), (5, 5, None), (0, 6, False), (0, 5, None), (0, 0, None)]
)
def test_more_than_half_needs_more_than_chance(k, n, shown):
    assert majority_part("it is so", k, n).shown is shown


def test_what_is_missing_is_all_that_is_said():
    found = judge([], "", [KEY_YES], ["A rule."], missing="Seeds are missing.")
    assert (found.verdict, found.why, found.parts) == (UNTESTED, "Seeds are missing.", ())
