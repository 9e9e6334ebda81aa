"""Methods that are registered outside of this package: what is wrong with them is told before anything is trained."""

import pytest
from linear_gan import Own

import repfair_keras as rf
from repfair_keras import registry
from repfair_keras.core.errors import InputError
from repfair_keras.runs.config import configure
from repfair_keras.training.run import train


@pytest.fixture
def begun(monkeypatch):
    """Registers a method for the time of a test; returns the list of what was begun."""
    monkeypatch.setattr(registry, "_REGISTERED", {kind: {} for kind in registry._REGISTERED})
    begun = []

    @rf.register_method("own", settings=rf.GANSettings)
    def own(data, settings, training):
        begun.append(training.seed)
        yield rf.adversarial_phase(Own, rf.mixed_batches, data, settings, training, name="own")

    return begun


def test_what_an_own_step_does_not_read_is_told_before_training(begun, tmp_path):
    config = configure(method="own", dataset="mnist_5k", r1=1.0, filters=4, steps=1)
    with pytest.raises(InputError, match=r"r1 is 1.0, but the train_step of Own does not say"):
        train(config, tmp_path / "run", verbose=0)
    assert begun and not (tmp_path / "run").exists()


def test_a_method_that_fits_is_only_begun(begun):
    config = configure(method="own", dataset="mnist_5k", filters=4)
    config.check_data(config.modality.load(config))
    assert begun == [config.training.seed]
