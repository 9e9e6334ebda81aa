"""How often told values occur together: as in the data, or as asked, drawn or in exact numbers."""

import re

import numpy as np
import pytest
from scipy.stats import chisquare

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.joint import Joint, rounded

ROWS = np.array([[[30, 10], [25, 5]], [[20, 40], [15, 55]]])  # sex, race, rich


@pytest.fixture
def joint():
    return Joint(("sex", "race", "rich"), (("f", "m"), ("black", "white"), ("no", "yes")), ROWS)


def information(table):
    """Mutual information of the two axes of a table of counts or shares, in nats."""
    table = table / table.sum()
    product = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True)
    return float(np.sum(table[table > 0] * np.log((table / product)[table > 0])))


def counts_of(codes, shape):
    return np.bincount(np.ravel_multi_index(codes.T, shape), minlength=np.prod(shape)).reshape(shape)


def test_as_in_the_data(joint):
    np.testing.assert_allclose(joint.wanted, ROWS / 200)
    codes = joint.draw(20_000, np.random.default_rng(0))
    assert codes.dtype == np.int32
    assert chisquare(counts_of(codes, ROWS.shape).ravel(), 100 * ROWS.ravel()).pvalue > 1e-4
    np.testing.assert_array_equal(counts_of(joint.exact(400, np.random.default_rng(0)), ROWS.shape), 2 * ROWS)


@pytest.mark.parametrize(
    "names", [["sex"], ["race"], ["sex", "race"], ["sex", "race", "rich"], ["sex", "sex"]]
)
def test_named_columns_tell_nothing_of_any_other(joint, names):
    free = joint.independent(names)
    for name in names:
        axis = joint.names.index(name)
        assert information(np.moveaxis(free.wanted, axis, 0).reshape(2, -1)) == pytest.approx(0, abs=1e-15)
        others = tuple(other for other in range(3) if other != axis)
        np.testing.assert_allclose(free.wanted.sum(axis=others), ROWS.sum(axis=others) / 200)
    if names == ["sex"]:  # the others depend on each other as they did
        np.testing.assert_allclose(free.wanted.sum(axis=0), ROWS.sum(axis=0) / 200)
    assert free.changes == (f"{', '.join(names)} independent of all other columns that are told",)


def test_independence_by_hand():
    free = Joint(("s", "y"), (("f", "m"), ("n", "y")), np.array([[30, 10], [20, 40]])).independent(["s"])
    np.testing.assert_allclose(free.wanted, [[0.2, 0.2], [0.3, 0.3]])
    exact = counts_of(free.exact(1000, np.random.default_rng(0)), (2, 2))
    np.testing.assert_array_equal(exact, [[200, 200], [300, 300]])
    assert information(exact) == 0
    drawn = information(counts_of(free.draw(100_000, np.random.default_rng(0)), (2, 2)))
    assert 0 < 2 * 100_000 * drawn < 15.1, "2 N MI is chi-square of one degree of freedom: its 1e-4 quantile"


def test_shares_of_some_columns_leave_the_rest_given_them(joint):
    asked = joint.with_shares([[0.4, 0.1], [0.3, 0.2]], (0, 1), "asked")
    np.testing.assert_allclose(asked.wanted.sum(axis=2), [[0.4, 0.1], [0.3, 0.2]])
    np.testing.assert_allclose(asked.wanted[0, 0] / 0.4, [0.75, 0.25])
    rich = joint.with_shares([0.5, 0.5], (2,), "rich")
    np.testing.assert_allclose(rich.wanted.sum(axis=(0, 1)), [0.5, 0.5])
    np.testing.assert_allclose(rich.wanted[..., 0] / 0.5, ROWS[..., 0] / 90)
    none = joint.with_shares([1, 0], (0,), "f alone")
    assert none.wanted[1].sum() == 0 and none.wanted.sum() == pytest.approx(1)
    assert (none.exact(77, np.random.default_rng(0))[:, 0] == 0).all()


def test_what_no_training_row_has_is_refused_by_name(joint):
    rows = ROWS.copy()
    rows[0, 1] = 0
    lacking = Joint(joint.names, joint.values, rows)
    with pytest.raises(
        InputError, match=r"no training row has sex = f and race = white and rich = no; .* = yes, so"
    ):
        lacking.independent(["sex"])
    with pytest.raises(
        InputError, match="halves: no training row has sex = f and race = white: leave it out"
    ):
        lacking.with_shares(np.full((2, 2), 0.25), (0, 1), "halves")
    assert lacking.with_shares([0.5, 0.5], (0,), "sex").wanted[0, 1].sum() == 0
    with pytest.raises(InputError, match=re.escape("independent: 'age' is no column")):
        joint.independent(["age"])
    with pytest.raises(InputError, match=r"no row may have race == x. Values of race: black, white"):
        joint.only(1, [False, False], "race == x")


def test_only_some_values(joint):
    some = joint.only(1, np.array([False, True]), "race == white")
    np.testing.assert_allclose(some.wanted[:, 1], ROWS[:, 1] / 100)
    assert some.changes == ("only rows with race == white",)


@pytest.mark.parametrize("seed", range(30))
def test_numbers_are_rounded_with_their_sums(seed):
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(1, 7, 2)
    shares = rng.dirichlet(np.ones(rows * columns)).reshape(rows, columns) * (
        rng.random((rows, columns)) < 0.8
    )
    n = int(rng.integers(1, 60))
    quotas = (
        np.full((rows, columns), n / (rows * columns)) if shares.sum() == 0 else n * shares / shares.sum()
    )
    counts = rounded(quotas)
    assert counts.sum() == n and counts.min() >= 0
    assert (np.abs(counts - quotas) < 1 + 1e-9).all() and (counts[quotas == 0] == 0).all()
    for axis in (0, 1):
        assert (
            np.abs(counts.sum(axis=axis) - quotas.sum(axis=axis)) < 1 + (axis == 0) * (rows - 1) + 1e-9
        ).all()


def test_exact_numbers_of_groups_are_exact():
    # Each number is a half: by largest remainder alone one group gets both, the other none.
    np.testing.assert_array_equal(rounded(np.full((2, 2), 1.5)).sum(axis=1), [3, 3])
    np.testing.assert_array_equal(rounded(np.full((2, 2), 1.5)).sum(axis=0), [3, 3])
    np.testing.assert_array_equal(rounded(np.array([[3 * (1 / 3) * 7, 0], [0, 2]])), [[7, 0], [0, 2]])


def test_nothing_told():
    joint = Joint((), (), np.array(5))
    assert (
        joint.draw(3, np.random.default_rng(0)).shape
        == joint.exact(3, np.random.default_rng(0)).shape
        == (3, 0)
    )


def test_shares_that_were_asked_for_stay_where_rows_of_other_columns_are_left_out(joint):
    asked = joint.with_shares([0.5, 0.5], (0,), "halves").only(2, [False, True], "rich == yes")
    np.testing.assert_allclose(asked.wanted.sum(axis=(1, 2)), [0.5, 0.5])
    np.testing.assert_allclose(
        asked.wanted[..., 1] / 0.5, ROWS[..., 1] / ROWS[..., 1].sum(axis=1, keepdims=True)
    )
    assert asked.changes == ("halves", "only rows with rich == yes") and asked.held == (0,)
    one = joint.with_shares([0.5, 0.5], (0,), "halves").only(0, [True, False], "sex == f")
    assert one.wanted.sum(axis=(1, 2)).tolist() == [1, 0]
    free = joint.independent(["sex"]).only(1, [True, False], "race == black")
    assert free.held == (0, 1, 2) and information(free.wanted[:, 0]) == pytest.approx(0, abs=1e-15)
    rows = ROWS.copy()
    rows[0, :, 1] = 0
    lacking = Joint(joint.names, joint.values, rows).with_shares([0.5, 0.5], (0,), "halves")
    with pytest.raises(
        InputError, match="where: no row with sex = f may have rich == yes, but such rows are asked"
    ):
        lacking.only(2, [False, True], "rich == yes")


def test_combinations_that_were_asked_for(joint):
    asked = joint.with_shares(np.full((2, 2), 0.25), (0, 2), "quarters")
    codes = np.array([[0, 1, 0], [1, 0, 1], [0, 0, 1]])
    assert asked.held_cells(codes).tolist() == [0, 3, 1] and asked.n_held == 4
    assert asked.named_cell(1) == "sex = f and rich = yes"
    np.testing.assert_allclose(
        asked.in_numbers(np.array([0, 3, 0, 1])).wanted.sum(axis=1), [[0, 0.75], [0, 0.25]]
    )
    assert joint.held_cells(codes).tolist() == [0, 0, 0] and joint.n_held == 1
    assert joint.in_numbers(np.array([3])) is joint
