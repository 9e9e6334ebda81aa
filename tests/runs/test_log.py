"""A log that is cut off, or edited, is found."""

import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.runs.log import read_log, read_whole_rows

WHOLE = "epoch,step,loss\n1,5,0.5\n2,10,\n3,15,0.25\n"


def test_a_whole_log_is_read(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(WHOLE)
    assert [row["step"] for row in read_whole_rows(path, 2)] == ["5", "10"]
    assert read_log(path)[1] == {"epoch": 2.0, "step": 10.0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WHOLE[:-6], "row 3 is damaged"),
        (WHOLE[:20], "it has 1 rows where the checkpoint has 3"),
        (WHOLE.replace("10", "ten"), "row 2 is damaged"),
        (WHOLE.replace("0.5", "nan"), "row 1 is damaged"),
        (WHOLE.replace("0.5", "0.5,1"), "row 1 is damaged"),
        ("", "it has 0 rows"),
    ],
)
def test_what_is_no_log_of_the_run_is_told(tmp_path, text, message):
    path = tmp_path / "log.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_whole_rows(path, 3)
