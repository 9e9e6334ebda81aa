"""Whether images are as good: a margin, common groups, one feature extractor."""

import pytest
from toy_figures import NOISE, digits, measured, photographs, states

from repfair_keras.metrics.intervals import Interval
from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, OPEN, UNTESTED, Material
from repfair_keras.papers.quality_parts import as_good
from repfair_keras.papers.quality_rows import kid_pairs, quality_rows
from repfair_keras.papers.repfair.fig6_photographs import FIGURE as FIGURE_6
from repfair_keras.papers.repfair.fig7_digits import FIGURE as FIGURE_7
from repfair_keras.sweeps.records import matching


def with_quality(records, kid, undecided=0.05, right=0.9):
    """Records whose RepFair-GAN has these numbers, and whose plain GAN has a KID of 0.02, 5 % and 90 %."""
    for record in records:
        mine = record["config"]["method"] == "repfair"
        noise = NOISE[record["config"]["seed"]]
        report = record["report"]
        level = (kid if mine else 0.02) + noise / 100
        report["quality"]["by_group"]["kid"]["by_group"] = [level, level]
        report["undecided"] = (undecided if mine else 0.05) + noise
        if report["label_agreement"]:
            report["label_agreement"]["overall"] = right if mine else 0.9
    return records


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"kid": 0.02}, HOLDS),
        ({"kid": 0.024}, HOLDS),  # within the margin
        ({"kid": 0.01, "undecided": 0.0, "right": 1.0}, HOLDS),  # better
        ({"kid": 0.03}, FAILS),
        ({"kid": 0.02, "undecided": 0.2}, IN_PART),
        ({"kid": 0.02, "right": 0.7}, IN_PART),
    ],
)
def test_figure_7_compares_quality_within_a_margin(change, verdict):
    got = measured(FIGURE_7, with_quality(digits(), **change))
    assert got.verdict == verdict, got.why


def test_figure_6_has_no_classes():
    got = measured(FIGURE_6, with_quality(photographs(), kid=0.02))
    assert got.verdict == HOLDS and "right labels" not in states(got, "shown")


def test_images_as_bad_as_others_are_not_good():
    records = photographs()
    for record in records:
        record["report"]["quality"]["by_group"]["kid"]["by_group"] = [2.0, 1.5]
    got = measured(FIGURE_6, records)
    assert got.verdict == OPEN
    assert "unlike real ones" in states(got, "left open")


@pytest.mark.parametrize(
    ("interval", "expected"),
    [((0.5, 2), False), ((-1, 2), None), ((0.5, 0.9), True), ((-3, -2), True), ((1.5, 2), False)],
)
def test_as_good_has_three_outcomes(interval, expected):
    low, high = interval
    assert as_good(Interval((low + high) / 2, low, high, 3), margin=1) is expected
    assert as_good(Interval((low + high) / 2, low, high, 2), margin=1) is None


def test_a_lost_group_counts_for_neither_method():
    records = with_quality(digits(), kid=0.03)
    for record in records:
        found = record["report"]["quality"]["by_group"]["kid"]["by_group"]
        found[1] = 9.0 if record["config"]["method"] == "repfair" else None
    pairs = kid_pairs(quality_rows(records), ["black", "white"])
    assert pairs[1] == pytest.approx((0.02, 0.03))
    for record in matching(records, method="gan", seed=0):
        record["report"]["quality"] = None
    got = measured(FIGURE_7, records)
    assert list(kid_pairs(got.rows, ["black", "white"])) == [1, 2]
    assert "RepFair-GAN changes KID" in states(got, "left open")


def test_quality_of_different_extractors_is_not_compared():
    records = digits()
    records[0]["report"]["quality"]["extractor"]["hash"] = "another"
    got = measured(FIGURE_7, records)
    assert got.verdict == UNTESTED and "different extractors" in got.why and "another" in got.why


def test_pictures_show_the_first_seeds_of_both_methods(tmp_path):
    from PIL import Image

    records = digits(5)
    for record in records:
        record["picture"] = tmp_path / f"{record['id']}.png"
        Image.new("L", (20, 10)).save(record["picture"])
    titles = [axes.get_title().split("\n")[0] for axes in FIGURE_7.plot(Material(records, {})).axes]
    assert titles == [f"{name}, seed {seed}" for seed in range(3) for name in ("plain GAN", "RepFair-GAN")]
