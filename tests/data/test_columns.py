import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.data.columns import check_complete, encode, name_rows


def encoded(values):
    codes, names = encode(np.asarray(values))
    assert codes.dtype == np.int32
    assert all(type(name) is str for name in names)
    return codes.tolist(), names


def test_text_is_sorted_as_text():
    assert encoded(["b", "a", "b", "C"]) == ([2, 1, 2, 0], ("C", "a", "b"))


def test_numbers_are_sorted_by_value():
    assert encoded(["10", "2", "-1", "2"]) == ([2, 1, 0, 1], ("-1", "2", "10"))
    assert encoded([10, 2, 9, 2]) == ([2, 0, 1, 0], ("2", "9", "10"))
    assert encoded([10.0, 2.5, 9.0]) == ([2, 0, 1], ("2.5", "9.0", "10.0"))


def test_one_word_among_numbers_makes_all_text():
    assert encoded(["10", "2", "many"]) == ([0, 1, 2], ("10", "2", "many"))


def test_truth_values():
    assert encoded([True, False, True]) == ([1, 0, 1], ("False", "True"))


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ([1.0, np.nan, np.nan], "rows 2, 3"),
        (["a", "", "b"], "row 2"),
        (["a", "  ", "b"], "row 2"),
        (np.array(["a", np.nan, "NaN"]), "rows 2, 3"),  # NumPy turns NaN among text into "nan"
    ],
)
def test_missing_values_are_refused_with_their_rows(values, rows):
    with pytest.raises(InputError) as raised:
        check_complete(np.asarray(values), "age", "people.csv")
    assert f"people.csv: column 'age' is empty or NaN in {rows} (the first is 1)" in str(raised.value)


@pytest.mark.parametrize("values", [[1, 0], [1.5, -1.0], ["None", "NA"], ["nano", "-"], [True, False]])
def test_present_values_pass(values):
    check_complete(np.asarray(values), "age", "people.csv")


def test_many_rows_are_cut():
    assert name_rows(np.ones(9, bool)) == "rows 1, 2, 3, 4, 5 and 4 more (the first is 1)"
