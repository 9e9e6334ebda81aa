"""The boosted ensemble: what is added to the loss, when it ends, and which settings it takes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.data.batches import mixed_batches
from repfair_keras.export.image_sampler import ImageSampler
from repfair_keras.losses.distance import theta
from repfair_keras.methods import boosted_gan as boosted
from repfair_keras.methods.boosted_gan import boosted_gan, check_penalty_is_asked_for, penalty
from repfair_keras.methods.build import adversarial_phase
from repfair_keras.methods.gan import GAN
from repfair_keras.methods.method import Method
from repfair_keras.methods.settings import GANSettings
from repfair_keras.networks.ensemble import is_ensemble
from repfair_keras.networks.seeded import seeds
from repfair_keras.runs.config import configure
from repfair_keras.training.run import resume, train

TINY = configure(
    method="boosted_gan", filters=4, latent_size=4, batch_size=8, memory=16, n_generators=3, steps=2
)


def run_through(data, config, look):
    """Runs a method's phases without training; returns `(phases, generator)`."""
    phases, method = [], config.phases(data)
    phase = next(method)
    while True:
        phases.append(phase)
        try:
            phase = method.send(look)
        except StopIteration as end:
            return phases, end.value


@pytest.mark.slow
def test_ends_with_the_largest_number(digits):
    phases, generator = run_through(digits, TINY, lambda generator: False)
    assert [phase.name for phase in phases] == ["gan", "gan_2", "gan_3"]
    assert [phase.folder for phase in phases] == ["", "generator_2", "generator_3"]
    assert is_ensemble(generator)
    assert phases[0].model.image_penalty is None
    assert phases[1].model.image_penalty is not None


@pytest.mark.slow
def test_ends_when_the_ensemble_may_be_on_target(digits):
    looked = []
    phases, generator = run_through(digits, TINY, lambda generator: looked.append(generator) or True)
    assert len(phases) == 2
    assert looked == [generator]
    assert len(generator.get_layer("pick").means) == 2


@pytest.mark.slow
def test_members_start_from_different_weights_and_see_other_batches(digits):
    phases, _ = run_through(digits, TINY, None)
    kernels = [phase.model.generator.get_layer("project").kernel.numpy() for phase in phases]
    assert not np.allclose(kernels[0], kernels[1])
    first, second = (next(iter(phase.batches(start=0))) for phase in phases[:2])
    assert not np.array_equal(first.images, second.images)
    assert not np.array_equal(first.latents, second.latents)


def test_theta_is_added_to_the_generators_loss(digits):
    phases, _ = run_through(digits, TINY.replace(n_generators=2, dropout=0.0), None)
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


class Deaf(GAN):
    """A method from elsewhere: its own loss of the generator, without the penalty."""

    def generator_gradients(self, images, tape, batch):
        with tape:
            loss = tf.reduce_mean(self.discriminator(self.fake_inputs(images, batch), training=True))
        return tape.gradient(loss, self.generator.trainable_variables)


def phase_of(model_class, data):
    return adversarial_phase(model_class, mixed_batches, data, TINY.settings, TINY.training)


def test_a_train_step_that_never_asks_for_the_penalty_is_refused_before_training(digits):
    phase = phase_of(Deaf, digits)
    with pytest.raises(
        InputError, match=r"base_method is 'deaf', but the train_step of Deaf never .*penalty_of"
    ):
        check_penalty_is_asked_for(phase, "deaf")


def test_the_first_member_is_checked(digits, monkeypatch):
    def deaf(data, settings, training):
        yield phase_of(Deaf, data)

    monkeypatch.setattr(boosted, "lookup", lambda kind, name: Method("deaf", deaf, GANSettings))
    with pytest.raises(InputError, match="never asks for the ensemble's penalty"):
        next(boosted_gan(digits, TINY.settings, TINY.training))


@pytest.mark.slow
def test_looking_at_a_step_changes_no_number(digits):
    losses = []
    for looks in (False, True):
        keras.utils.set_random_seed(0)
        with seeds(0):
            phase = phase_of(GAN, digits)
        before = [variable.numpy() for variable in phase.model.variables]
        if looks:
            check_penalty_is_asked_for(phase, "gan")
            assert phase.model.image_penalty is None
            after = [variable.numpy() for variable in phase.model.variables]
            assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))
        fit = {"steps_per_epoch": 3, "shuffle": False, "verbose": 0}
        losses.append(phase.model.fit(phase.batches(start=0), **fit).history)
    assert losses[0] == losses[1]


def test_an_ensemble_of_one():
    with pytest.raises(InputError, match="n_generators is 1: expected an integer from 2 to 1,000"):
        configure(method="boosted_gan", n_generators=1)


@pytest.mark.parametrize(
    ("base", "message"),
    [("boosted_gan", "makes an ensemble itself"), ("dcgan", "base_method is 'dcgan': expected one of")],
)
def test_a_base_method_that_cannot_be_one(base, message):
    with pytest.raises(InputError, match=message):
        configure(method="boosted_gan", base_method=base)


def test_takes_the_settings_of_its_base_method_and_no_others(digits):
    configure(method="boosted_gan", base_method="repfair", max_grad_norm=3.0).check_data(digits)
    with pytest.raises(InputError, match=r"max_grad_norm is 3\.0, but method 'boosted_gan' does not read it"):
        configure(method="boosted_gan", max_grad_norm=3.0)
    with pytest.raises(InputError, match="n_generators is 4, but method 'gan' does not read it"):
        configure(method="gan", n_generators=4)


@pytest.mark.slow
def test_over_a_method_of_several_phases_and_never_longer(image_folder, folder_instruments, tmp_path):
    data = {"dataset": "folder", "data_dir": str(image_folder), "instruments": str(folder_instruments)}
    sizes = {"filters": 4, "latent_size": 4, "batch_size": 8, "steps": 15, "n": 60, "probe": 0, "memory": 16}
    sizes["figures"] = False
    method = {"method": "boosted_gan", "base_method": "stacked_gan", "n_generators": 2, "encoder_epochs": 1}
    run, report = train(configure(**data, **sizes, **method), tmp_path / "run", verbose=0)
    logs = sorted(str(path.relative_to(run.path)) for path in run.path.rglob("log.csv"))
    assert logs == ["encoder/log.csv", "generator_2/encoder/log.csv", "generator_2/log.csv", "log.csv"]
    assert set(ImageSampler(run.generator).generate(60, 0).members) == {0, 1}
    assert report.n == 60
    with pytest.raises(InputError, match="a run of boosted_gan cannot be made longer"):
        resume(run.path, steps=30, verbose=0)
