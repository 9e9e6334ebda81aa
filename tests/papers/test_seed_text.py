"""Numbers over seeds as text."""

from repfair_keras.papers.seed_text import mean_text


def test_intervals_are_told_from_three_seeds_on():
    rows = [{"seed": seed, "x": value} for seed, value in ((1, 0.2), (0, 0.1), (2, 0.3))]
    assert mean_text(rows[:1], "x") == "0.2 (1 seed)"
    assert mean_text(rows[:2], "x") == "0.15 (seed 0: 0.1, seed 1: 0.2)"
    assert mean_text(rows, "x") == "0.2 (-0.0484 to 0.448, 3 seeds)"
