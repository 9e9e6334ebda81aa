"""Samples in memory: images and rows, groups as the generator makes them or as asked."""

import re
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.fit_column import fit_column
from repfair_keras.data.tables.schema import Schema
from repfair_keras.evaluation.images.group_assignment import corner
from repfair_keras.export.image_sampler import ImageSampler
from repfair_keras.export.open_sampler import open_sampler
from repfair_keras.export.table_endpoints import export_table
from repfair_keras.export.table_sampler import TableSampler
from repfair_keras.sampling import sample as sampling
from repfair_keras.sampling.sample import sample_images, sample_rows
from repfair_keras.sampling.write_files import write_rows

MODEL = Path(__file__).resolve().parents[2] / "saved_models" / "repfair_mnist"


class CornerDecider:
    """Sees black and white backgrounds by their corners; its errors are not known."""

    confusion = None

    def decide(self, images):
        return corner(images)


@pytest.fixture(scope="module")
def digits_sampler():
    return ImageSampler(MODEL)


@pytest.fixture
def corners_decide(monkeypatch):
    monkeypatch.setattr(sampling, "load_group_decider", lambda *_: CornerDecider())


@pytest.fixture(scope="module")
def people():
    """A table with a column of every type."""
    rng = np.random.default_rng(0)
    columns = {"age": rng.integers(18, 70, 200), "sex": rng.choice(["f", "m"], 200, p=[0.2, 0.8])}
    columns |= {"height": np.round(rng.normal(170, 9, 200), 1), "rich": rng.random(200) < 0.5}
    return pd.DataFrame(columns)


@pytest.fixture(scope="module")
def table_model(people, tmp_path_factory):
    """Folder of an exported generator of rows with weights as they were drawn."""
    folder = tmp_path_factory.mktemp("table") / "generator"
    schema = Schema(tuple(fit_column(people[name], n_bins=4) for name in people), "sex", "rich")
    latents, group = keras.Input((3,)), keras.Input((), dtype="int32", name="group")
    told = keras.layers.Flatten()(keras.layers.Embedding(2, 2)(group))
    logits = keras.layers.Dense(sum(schema.sizes) - 2)(keras.layers.Concatenate()([latents, told]))
    export_table(keras.Model([latents, group], logits), folder, schema, np.array([0.2, 0.8]))
    return folder


def test_images_are_those_of_the_generator(digits_sampler):
    sample, generated = sample_images(MODEL, n=12, seed=5), digits_sampler.generate(12, 5)
    np.testing.assert_array_equal(sample.images, generated.images)
    np.testing.assert_array_equal(sample.labels, generated.labels)
    assert (sample.groups, sample.members) == (None, None)
    assert np.abs(sample.pixels / 127.5 - 1 - sample.images).max() <= 0.5 / 127.5 + 1e-6
    assert (sample.manifest["n"], sample.manifest["seed"], sample.manifest["counts"]) == (12, 5, None)
    assert sample_images(digits_sampler, n=5, labels=[3, 8]).labels.tolist() == [3, 8, 3, 8, 3]


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ({"black": 3, "white/7": 9}, {"black": 0.25, "white/7": 0.75}),
        ("black=3,white/7=9", "black=0.25,white/7=0.75"),
    ],
)
def test_counts_and_shares_as_text_or_dict_give_the_same_images(
    counts, shares, digits_sampler, corners_decide
):
    by_counts = sample_images(digits_sampler, seed=2, counts=counts)
    by_shares = sample_images(digits_sampler, n=12, seed=2, shares=shares)
    np.testing.assert_array_equal(by_counts.images, by_shares.images)
    assert corner(by_counts.images).tolist() == by_counts.groups.tolist() == [0] * 3 + [1] * 9
    assert set(by_counts.labels[3:]) == {7}
    assert by_counts.manifest["counts"]["requests"]["white/7"]["asked"] == 9


def test_the_work_is_said_on_standard_error_if_wished(digits_sampler, corners_decide, capsys):
    sample_images(digits_sampler, counts={"black/1": 700}, verbose=0)
    assert capsys.readouterr().err == ""
    sample_images(digits_sampler, counts={"black/1": 700}, verbose=1)
    assert "Expected: about" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "n is 0"),
        ({"n": 2.0}, "n is 2.0: expected an integer"),
        ({"n": "3"}, "n is '3': expected an integer"),
        ({"seed": -1}, "seed is -1"),
        ({"labels": [10]}, "label 10 is no class"),
        ({"counts": "white=3", "n": 3}, "n is 3, but counts say"),
        ({"counts": "white=3", "shares": "white=1"}, "shares is 'white=1', but counts say"),
        ({"shares": "white=1", "labels": [3]}, "leave --labels out, and name a class with its group"),
        ({"counts": "grey=3"}, "unknown group 'grey'. Known: black, white"),
        ({"shares": "grey=1"}, "unknown group 'grey'. Known: black, white"),
        ({"shares": "marginal"}, "as --shares black=1/2,white=1/2"),
        ({"instruments": "runs/a"}, "leave them out"),
        ({"counts": "white=3"}, "with --instruments"),
        ({"counts": "white=3", "instruments": "/nowhere"}, "'/nowhere/attribute' holds no classifier"),
    ],
)
def test_what_does_not_fit_images(arguments, message, digits_sampler):
    with pytest.raises(InputError, match=re.escape(message)):
        sample_images(digits_sampler, **arguments)


def test_rows_are_like_the_original(table_model, people, tmp_path):
    sample = sample_rows(table_model, n=300, seed=4)
    assert sample.frame.dtypes.to_dict() == people.dtypes.to_dict()
    assert list(sample.frame) == list(people)
    assert sample.frame.equals(TableSampler(table_model).generate(300, 4))
    table, _ = write_rows(sample, tmp_path / "rows")
    assert pd.read_csv(table).equals(sample.frame)
    assert sample.manifest["groups"] == sample.frame["sex"].value_counts().to_dict()


@pytest.mark.parametrize(
    ("arguments", "sizes"),
    [
        ({"counts": {"m": 7, "f": 2}}, {"f": 2, "m": 7}),
        ({"counts": "m=7"}, {"f": 0, "m": 7}),
        ({"n": 9, "shares": {"f": 0.7, "m": 0.3}}, {"f": 6, "m": 3}),
        ({"n": 9, "shares": "f=0.7,m=0.3"}, {"f": 6, "m": 3}),
        ({"shares": "f=1/4,m=3/4"}, {"f": 250, "m": 750}),
    ],
)
def test_rows_of_each_group_as_asked(arguments, sizes, table_model):
    sample = sample_rows(table_model, **arguments)
    counted = {name: int((sample.frame["sex"] == name).sum()) for name in ("f", "m")}
    assert counted == sample.manifest["groups"] == sizes


def test_rows_in_shares_that_are_drawn(table_model):
    uniform, marginal = (sample_rows(table_model, n=4000, shares=word) for word in ("uniform", "marginal"))
    shares = [(sample.frame["sex"] == "m").mean() for sample in (uniform, marginal)]
    np.testing.assert_allclose(shares, [0.5, 0.8], atol=0.03)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"shares": "equal"}, "expected one of 'uniform', 'marginal'; or a number for each group"),
        ({"counts": "f=1", "shares": "marginal"}, "shares is 'marginal', but counts say"),
        ({"counts": "f=1", "n": 2}, "n is 2, but counts say"),
        ({"counts": "x=1"}, "unknown group 'x'. Known: f, m"),
        ({"shares": "f=0.5"}, "has the sum 0.5, expected 1"),
        ({"counts": "f/yes=1"}, "unknown class 'yes'"),
    ],
)
def test_what_does_not_fit_rows(arguments, message, table_model):
    with pytest.raises(InputError, match=re.escape(message)):
        sample_rows(table_model, **arguments)


def test_the_folder_says_whether_it_makes_images_or_rows(table_model, tmp_path):
    assert isinstance(open_sampler(MODEL), ImageSampler)
    assert isinstance(open_sampler(table_model), TableSampler)
    (tmp_path / "config.yaml").touch()
    with pytest.raises(InputError, match="is not finished"):
        open_sampler(tmp_path)
    (tmp_path / "generator").symlink_to(table_model)
    assert open_sampler(tmp_path).group_names == ("f", "m")
    with pytest.raises(InputError, match=r"generates rows of a table: call sample_rows"):
        sample_images(table_model)
    with pytest.raises(InputError, match=r"generates images: call sample_images"):
        sample_rows(MODEL)
    with pytest.raises(InputError, match=r"groups are given, but the generator in .* was trained without"):
        ImageSampler(MODEL).generate(2, 0, groups=[0, 1])
