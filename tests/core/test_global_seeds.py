"""A user's own random numbers, and warnings, are after a training what they were before."""

import random
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.backend.common import global_state

from repfair_keras.core.global_seeds import seeded_globals
from repfair_keras.runs.config import configure
from repfair_keras.sweeps.task import alone
from repfair_keras.training.run import train


def draws():
    """One number of each global stream."""
    return [
        random.random(),
        np.random.random(),  # noqa: NPY002
        float(tf.random.normal(())),
        float(keras.random.normal(())),
    ]


def seed_all():
    """Seeds every global stream, Keras's too, which its own function leaves as it is before version 3.13."""
    keras.utils.set_random_seed(5)
    global_state.set_global_attribute("global_seed_generator", None)


def test_inside_all_streams_follow_from_the_seed():
    random.seed(1)
    drawn = []
    for seed in (7, 7, 8):
        with seeded_globals(seed):
            drawn.append(draws())
    assert drawn[0] == drawn[1]
    assert all(one != other for one, other in zip(drawn[1], drawn[2], strict=True))


@pytest.mark.parametrize("error", [None, KeyboardInterrupt])
def test_afterwards_all_streams_go_on_where_they_were(error):
    seed_all()
    expected = [draws() for _ in range(3)]
    seed_all()
    found = [draws()]
    try:
        with seeded_globals(7):
            draws()
            if error:
                raise error
    except KeyboardInterrupt:
        pass
    found += [draws(), draws()]
    assert found == expected


@pytest.mark.slow
def test_a_training_leaves_the_users_random_numbers_alone(image_folder, folder_instruments, tmp_path):
    data = {"dataset": "folder", "data_dir": str(image_folder), "instruments": str(folder_instruments)}
    seed_all()
    expected = draws()
    seed_all()
    config = configure(**data, filters=4, latent_size=4, batch_size=8, steps=2, n=60, probe=0, figures=False)
    train(config, tmp_path / "run", verbose=0)
    assert draws() == expected


def test_a_task_of_a_sweep_silences_warnings_for_its_own_time_only(tmp_path):
    with pytest.warns(UserWarning, match="after"):
        with alone(tmp_path / "run"):
            warnings.warn("inside", stacklevel=1)
        warnings.warn("after", stacklevel=1)
