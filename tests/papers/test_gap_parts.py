"""Parts of claims on gaps: open where many images are undecided, or an interval is wide."""

from repfair_keras.papers.gap_parts import equal_part, number_part


def gap_rows(gap, undecided=0.0, seeds=6):
    return [{"late_gap": gap, "late_undecided": undecided, "seed": seed} for seed in range(seeds)]


def test_equal_is_open_where_many_images_are_undecided():
    assert equal_part(gap_rows(0.02, 0.25), "x").shown is True
    part = equal_part(gap_rows(0.02, 0.5), "x")
    assert part.shown is None
    assert (
        "50 % of its images are undecided" in part.text and "would be 49, of the other 51 points" in part.text
    )


def test_a_number_of_the_paper_is_compared_only_with_a_narrow_interval():
    rows = gap_rows(0.18)
    assert number_part(rows, "x", 0.18).shown is True
    assert number_part(rows, "x", 0.03).shown is False
    rows[0]["late_gap"] = 1.0
    assert number_part(rows, "x", 0.18).shown is None
