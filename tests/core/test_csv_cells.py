import pandas as pd
import pytest

from repfair_keras.core.csv_cells import guarded, of_frame, unguarded


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", " =1", "\t=1"])
def test_what_a_spreadsheet_would_run_is_text_and_comes_back(cell):
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "-", "+", "-5", "+1.5e-3", "female", "'t Hooft", "A+", 3, None])
def test_all_else_stays(cell):
    assert guarded(cell) == cell
    assert unguarded(cell) == cell


def test_a_table_there_and_back():
    frame = pd.DataFrame({"=name": ["=1+1", None, "b"], "age": [1, 2, 3], "-": [0.5, None, -1.0]})
    there = of_frame(guarded, frame)
    assert list(there) == ["'=name", "age", "-"]
    assert there["'=name"][0] == "'=1+1"
    pd.testing.assert_frame_equal(of_frame(unguarded, there), frame)
