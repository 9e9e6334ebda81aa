"""What a training on a table takes of the memory at least."""

import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.runs.config import configure
from repfair_keras.training import memory_estimate
from repfair_keras.training.memory_estimate import check_memory, memory_at_least


def test_a_step_keeps_a_number_for_each_column_of_each_row_forwards_and_backwards(monkeypatch):
    rows = pd.DataFrame({"sex": ["f", "m"] * 60, "age": range(120), "rich": ["no", "no", "yes"] * 40})
    data = rf.TableDataset.from_frame(rows, "sex", "rich")
    config = configure(method="fld_dm", dataset="diabetes", batch_size=50)
    assert memory_at_least(config, data) == {"a step with batch_size 50": 4 * 2 * 50 * 3}
    free = type("Memory", (), {"available": 1000})
    monkeypatch.setattr(memory_estimate.psutil, "virtual_memory", lambda: free)
    with pytest.raises(rf.InputError, match=r"with batch_size 50. Give a smaller --batch_size.$"):
        check_memory(config, data)
