"""The boosted ensemble: what is added to the loss, when it ends, and which settings it takes."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.export.image_sampler import ImageSampler
from repfair_keras.losses.distance import theta
from repfair_keras.methods.boosted_gan import boosted_gan, penalty
from repfair_keras.networks.ensemble import is_ensemble
from repfair_keras.runs.config import Config
from repfair_keras.runs.method_fields import check_method, check_method_fields
from repfair_keras.training.run import resume, train

TINY = Config(
    method="boosted_gan", filters=4, latent_size=4, batch_size=8, memory=16, n_generators=3, steps=2
).resolve()


def run_through(data, config, look):
    """Runs a method's phases without training; returns `(phases, generator)`."""
    phases, method = [], boosted_gan(data, config)
    phase = next(method)
    while True:
        phases.append(phase)
        try:
            phase = method.send(look)
        except StopIteration as end:
            return phases, end.value


def test_ends_with_the_largest_number(digits):
    phases, generator = run_through(digits, TINY, lambda generator: False)
    assert [phase.name for phase in phases] == ["gan", "gan_2", "gan_3"]
    assert [phase.folder for phase in phases] == ["", "generator_2", "generator_3"]
    assert is_ensemble(generator)
    assert phases[0].model.image_penalty is None
    assert phases[1].model.image_penalty is not None


def test_ends_when_the_ensemble_may_be_on_target(digits):
    looked = []
    phases, generator = run_through(digits, TINY, lambda generator: looked.append(generator) or True)
    assert len(phases) == 2
    assert looked == [generator]
    assert len(generator.get_layer("pick").means) == 2


def test_members_start_from_different_weights_and_see_other_batches(digits):
    phases, _ = run_through(digits, TINY, None)
    kernels = [phase.model.generator.get_layer("project").kernel.numpy() for phase in phases]
    assert not np.allclose(kernels[0], kernels[1])
    first, second = (next(iter(phase.batches(start=0))) for phase in phases[:2])
    assert not np.array_equal(first.images, second.images)
    assert not np.array_equal(first.latents, second.latents)


def test_theta_is_added_to_the_generators_loss(digits):
    phases, _ = run_through(digits, dataclasses.replace(TINY, n_generators=2, dropout=0.0), None)
    model = phases[1].model
    batch = next(iter(phases[1].batches(start=0)))
    with_penalty, alone = gradients_of(model, batch), gradients_of(model, batch, lambda images: 0.0)
    images = model.generator(model.fake_inputs(batch.latents, batch), training=True)
    with tf.GradientTape() as tape:
        loss = model.image_penalty(model.generator(model.fake_inputs(batch.latents, batch), training=True))
    extra = tape.gradient(loss, model.generator.trainable_variables)
    for one, other, part in zip(with_penalty, alone, extra, strict=True):
        np.testing.assert_allclose(one, other + tf.convert_to_tensor(part), atol=1e-4, rtol=1e-4)
    memory = np.zeros((3, 28, 28, 1), np.float32)
    assert float(penalty(memory, 5.0)(images)) == pytest.approx(5 * float(theta(images, memory)), rel=1e-6)


def gradients_of(model, batch, image_penalty=None):
    kept = model.image_penalty
    model.image_penalty = image_penalty or kept
    images, tape = model.generate(batch)
    gradients = model.generator_gradients(images, tape, batch)
    model.image_penalty = kept
    return gradients


def test_an_ensemble_of_one():
    with pytest.raises(InputError, match="n_generators is 1: expected an integer of at least 2"):
        Config(method="boosted_gan", n_generators=1).resolve()


@pytest.mark.parametrize(
    ("base", "message"), [("boosted_gan", "makes an ensemble itself"), ("dcgan", "unknown method")]
)
def test_a_base_method_that_cannot_be_one(base, message, digits):
    with pytest.raises(InputError, match=message):
        check_method(Config(method="boosted_gan", base_method=base).resolve(), digits)


def test_takes_the_settings_of_its_base_method_and_no_others(digits):
    check_method(Config(method="boosted_gan", base_method="repfair", max_grad_norm=3.0), digits)
    with pytest.raises(InputError, match=r"max_grad_norm is 3\.0, but method 'boosted_gan' does not read it"):
        check_method_fields(Config(method="boosted_gan", max_grad_norm=3.0))
    with pytest.raises(InputError, match="n_generators is 4, but method 'gan' does not read it"):
        check_method_fields(Config(method="gan", n_generators=4))


def test_over_a_method_of_several_phases_and_never_longer(image_folder, folder_instruments, tmp_path):
    data = {"dataset": "folder", "data_dir": str(image_folder), "instruments": str(folder_instruments)}
    sizes = {"filters": 4, "latent_size": 4, "batch_size": 8, "steps": 15, "n": 60, "probe": 0, "memory": 16}
    method = {"method": "boosted_gan", "base_method": "stacked_gan", "n_generators": 2, "encoder_epochs": 1}
    run, report = train(Config(**data, **sizes, **method), tmp_path / "run", verbose=0)
    logs = sorted(str(path.relative_to(run.path)) for path in run.path.rglob("log.csv"))
    assert logs == ["encoder/log.csv", "generator_2/encoder/log.csv", "generator_2/log.csv", "log.csv"]
    assert set(ImageSampler(run.generator).generate(60, 0).members) == {0, 1}
    assert report["n"] == 60
    with pytest.raises(InputError, match="a run of boosted_gan cannot be made longer"):
        resume(run.path, steps=30, verbose=0)
