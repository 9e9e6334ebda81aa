"""The boosted ensemble of On the Fairness of GANs: each new generator is kept away from those before it."""

import dataclasses

import numpy as np
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.core.random_streams import Stream
from repfair_keras.losses.distance import theta
from repfair_keras.methods.phase import phase_seed
from repfair_keras.networks.conditions import conditions_of, in_turn
from repfair_keras.networks.ensemble import ensemble
from repfair_keras.registry import lookup

STATISTICS = 1024  # images of a member from which its distribution is estimated


def boosted_gan(data, settings, training):
    """Boosted ensemble: generators of a base method, added until the groups are represented.

    The first is the base method as it is. Each further one has Theta of eq. 3 added to its loss, against
    images of all before it. It ends with `n_generators`, or when a look at the ensemble (what `yield`
    gives back) finds its shares within the noise of a generator on target.

    Reference: On the Fairness of GANs, section V-B, eq. 3 to 5.
    """
    base = lookup("method", settings.base_method)
    members, samples = [], []
    while len(members) < settings.n_generators:
        number = len(members)
        seed = phase_seed(training.seed, 1000 * number)
        phases = base.phases(data, settings, dataclasses.replace(training, seed=seed))
        generator = look = None
        for phase in phases:
            if not samples and phase.generator is not None:
                check_penalty_is_asked_for(phase, settings.base_method)
            elif phase.generator is not None:
                memory = np.concatenate([part[: settings.memory] for part in samples])
                phase.model.image_penalty = penalty(memory, settings.theta_weight)
            look = yield _of_member(phase, number)
            generator = phase.generator
        members.append(generator)
        samples.append(images_of(generator, data, settings, training.seed, number))
        together = ensemble(members, settings.selection, samples) if number else generator
        if number and look is not None and look(together):
            break
    return together


def check_penalty_is_asked_for(phase, method):
    """Traces a training step, which runs nothing, and sees that the penalty is part of it.

    A `train_step` that never calls `penalty_of` would train an ordinary GAN without a word.

    Args:
        phase: `Phase` whose generator is to be a member; its model is left as it was.
        method: name of the base method, for the message.

    Raises:
        InputError: if the step does not call `image_penalty`, through `penalty_of` or itself.
    """
    model, asked = phase.model, []

    def penalty_of_nothing(images):
        asked.append(images)
        return tf.constant(0.0)

    @tf.function(autograph=False)
    def step(batch):
        return model.distribute_strategy.run(model.train_step, args=(batch,))

    before = getattr(model, "image_penalty", None)
    model.image_penalty = penalty_of_nothing
    try:
        step.get_concrete_function(phase.batches(start=0).element_spec)
    finally:
        model.image_penalty = before
    if not asked:
        raise InputError(
            f"base_method is {method!r}, but the train_step of {type(model).__name__} never asks for the "
            "ensemble's penalty: its members would not be kept apart. Derive it from TwoPlayerModel and add "
            "self.penalty_of(images), of generated images, to the generator's loss; or name another method "
            "with --base_method."
        )


def penalty(memory, weight):
    """Returns the function that adds Theta to a generator's loss.

    Args:
        memory: float32, images of the generators before it, shape `(n, height, width, channels)`.
        weight: factor of Theta.
    """
    memory = tf.constant(memory)

    def of_images(images):
        return weight * theta(images, memory)

    return of_images


def images_of(generator, data, settings, seed, number):
    """Images of a trained member, to keep later ones away from, and to estimate its distribution from."""
    n = max(settings.memory, STATISTICS)
    key = (phase_seed(seed, number), Stream.MEMORY_LATENTS)
    latents = tf.random.stateless_normal((n, settings.latent_size), key)
    labels, groups = in_turn(n, data.n_classes, data.n_groups)
    inputs = [latents, *map(tf.constant, conditions_of(generator, label=labels, group=groups))]
    order = np.random.default_rng(number).permutation(n)  # so that any part has all classes
    parts = [generator([each[i : i + 256] for each in inputs], training=False) for i in range(0, n, 256)]
    return np.concatenate(parts)[order]


def _of_member(phase, number):
    """The phase as one of the ensemble: a name and a folder of its own; the first keeps the run's."""
    if number == 0:
        return phase
    folder = f"generator_{number + 1}" + (f"/{phase.folder}" if phase.folder else "")
    return dataclasses.replace(phase, name=f"{phase.name}_{number + 1}", folder=folder)
