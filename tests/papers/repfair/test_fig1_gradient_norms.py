"""Figure 1: norms of a run by hand, when the claim holds, and its picture."""

import math

import pytest
from toy_figures import measured, set_log, set_log_share
from toy_records import toy_records

from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, OPEN
from repfair_keras.papers.repfair.fig1_gradient_norms import FIGURE, plot_norms_and_shares
from repfair_keras.papers.repfair.gradient_norms import agreement, norm_rows


def shaded(seeds, **more):
    grid = {"method": ["gan"], "share": [0.5], "seed": list(seeds), "epochs": [8], **more}
    return toy_records(dataset=["cifar10"], grouping=["shade"], use_labels=[False], **grid)


def test_norms_of_a_run_by_hand():
    (record,) = shaded([0])
    set_log_share(record, 0.6)
    normal = [4.0, 4.0, 9.0, 9.0, 1.0, 1.0, 2.0, 2.0]
    shaded_norms = [2.0, 2.0, 9.0, 9.0, 15.0, 15.0, 15.0, 15.0]
    set_log(record, d_grad_norm__normal=normal, d_grad_norm__shaded=shaded_norms)
    (row,) = norm_rows([record])
    assert (row["early_norm/normal"], row["late_norm/normal"], row["late_norm/shaded"]) == (4, 1.5, 15)
    assert (row["early_norm_ratio"], row["late_norm_ratio"]) == (0.5, 10)
    assert (row["early_ratio_log10"], row["late_ratio_log10"]) == pytest.approx((math.log10(2), 1))
    assert (row["early_larger_wins"], row["late_larger_wins"]) == (False, True)
    assert row["late_share"] == pytest.approx(0.6) and row["late_gap"] == pytest.approx(0.2)


def test_ties_and_zero_norms_are_not_counted():
    records = shaded(range(4))
    for record, share, norm in zip(records, (0.6, 0.5, 0.6, 0.2), (2.0, 2.0, 0.0, 2.0), strict=True):
        set_log(set_log_share(record, share), d_grad_norm__normal=1.0, d_grad_norm__shaded=norm)
    assert [row["late_larger_wins"] for row in norm_rows(records)] == [True, None, None, False]
    assert agreement(norm_rows(records), "late") == (1, 2)


def figure_1_records(n, share=0.60, loses=0, late=4.0):
    """n runs in which the larger norm wins except in `loses`; norms drift apart from 1 to `late`."""
    records = shaded(range(n))
    for k, record in enumerate(records):
        norms = [1.1] * 4 + [late + 0.01 * k] * 4
        ones = [1.0] * 8
        names = ("normal", "shaded") if k < loses else ("shaded", "normal")
        set_log(
            set_log_share(record, share + 0.005 * (-1) ** k),
            **{f"d_grad_norm__{names[0]}": norms, f"d_grad_norm__{names[1]}": ones},
        )
    return records


@pytest.mark.parametrize(
    ("records", "verdict"),
    [
        (figure_1_records(6), HOLDS),
        (figure_1_records(6, late=0.90), FAILS),  # the other group's norm is larger late
        (figure_1_records(6, late=1.05), IN_PART),  # the norms do not drift apart
        (figure_1_records(6, share=0.40, loses=6), IN_PART),  # the normal images win
        (figure_1_records(6, share=0.65), IN_PART),  # 30 points are not 20
        (figure_1_records(6, share=0.52), IN_PART),  # a gap of 4 points
        (figure_1_records(5), OPEN),  # five of five may be chance
        (figure_1_records(6, loses=1), OPEN),
        (figure_1_records(6, loses=3), OPEN),
    ],
)
def test_figure_1_holds_only_if_the_larger_norm_wins_beyond_chance(records, verdict):
    found = measured(FIGURE, records)
    assert found.verdict == verdict, found.why


def test_figure_1_says_how_many_seeds_agree():
    found = measured(FIGURE, figure_1_records(6, loses=1))
    assert "5 of 6 seeds (exact 95 % interval 35.9 % to 99.6 %)" in found.why
    assert "| seed 5 |" in found.text


def test_the_winner_is_shown_seed_by_seed():
    rows = [
        {"late_share": 0.6, "early_norm_ratio": 0.5, "late_norm_ratio": 2.0},
        {"late_share": 0.3, "early_norm_ratio": None, "late_norm_ratio": 0.25},
        {"late_share": None, "early_norm_ratio": 1.0, "late_norm_ratio": 1.0},
    ]
    axes = plot_norms_and_shares(toy_records(method=["gan"], seed=[0, 1, 2]), rows).axes[-1]
    found = {line.get_label(): line.get_xydata().tolist() for line in axes.get_lines()}
    assert found["norms of the first quarter"] == [[0.5, 60]]
    assert found["norms of the second half"] == [[2, 60], [0.25, 30]]
    assert (
        "corrected share of white" in axes.get_ylabel() and axes.get_xlim()[0] < 0.25 < 2 < axes.get_xlim()[1]
    )
