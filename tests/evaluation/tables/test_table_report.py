"""What of a synthetic table's report is measured on which rows."""

import numpy as np
import pandas as pd
import pytest

from repfair_keras.data.tables.dataset import RawTable
from repfair_keras.data.tables.preprocess import prepare
from repfair_keras.evaluation.tables import table_report


def make_table_report(*arguments, **keywords):
    """The report as it is stored."""
    return table_report.make_table_report(*arguments, **keywords).to_dict()


@pytest.fixture(scope="module")
def data():
    """`TableDataset` of 400 rows of which a quarter are of the second group; few rows are equal."""
    rng = np.random.default_rng(0)
    columns = {f"x{i}": rng.integers(0, 6, 400) for i in range(6)}
    s = np.where(np.arange(400) % 4 == 0, "b", "a")
    y = np.where(columns["x0"] + 2 * (s == "b") > 3, "yes", "no")
    frame = pd.DataFrame({**columns, "s": s, "y": y})
    return prepare(RawTable("toy", "Toy rows.", frame, sensitive="s", target="y"))


def test_likeness_is_measured_on_rows_with_the_groups_of_the_data(data):
    uniform = np.concatenate([data.codes[data.groups == g][:60] for g in (0, 1)])
    report = make_table_report(uniform, data.codes, data)
    assert report["proportions"] == [0.5, 0.5]
    assert report["quality"]["columns"]["s"] == pytest.approx(1.0, abs=0.02)
    assert report["quality"]["column_similarity"] == report["quality"]["column_similarity_real"]
    other = make_table_report(data.codes, uniform, data)
    assert other["quality"]["columns"]["s"] == pytest.approx(0.75, abs=0.02)


def test_copies_are_of_the_rows_that_were_trained_on(data):
    half = data.codes[::2]
    copied = make_table_report(data.codes, half, data, training=half)["privacy"]
    unseen = make_table_report(data.codes, half, data, training=data.codes[1::2])["privacy"]
    assert copied["copies"] == 1
    assert unseen["copies"] < 0.05


def test_classifiers_are_tested_on_test_rows_alone(data):
    wrong = data.codes.copy()
    place = data.schema.place("y")
    wrong[:, place] = 1 - wrong[:, place]
    found = make_table_report(wrong, data.codes, data)["downstream"]["random_forest"]
    assert found["real"]["accuracy"][0] > 0.85
    assert found["synthetic"]["accuracy"][0] < 0.15
    assert (
        found["synthetic"]["accuracy"][0] < found["augmented"]["accuracy"][0] < found["real"]["accuracy"][0]
    )
