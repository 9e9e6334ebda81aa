"""From a configuration to a compiled adversarial model and its batches."""

from functools import partial

import keras

from repfair_keras.methods.phase import Phase
from repfair_keras.networks import cgan


def adversarial_phase(model_class, batches, data, config, n_groups=0, **options):
    """Builds the one phase of an adversarial method.

    Args:
        model_class: a subclass of `AdversarialModel`.
        batches: `mixed_batches` or `alternating_batches`.
        data: `ImageDataset`.
        config: resolved `Config`.
        n_groups: number of groups that the networks are conditioned on; 0: they know nothing of groups.
        options: further arguments of `model_class`.

    Returns:
        `Phase`.
    """
    generator = cgan.generator(
        data.image_shape,
        config.latent_size,
        config.filters,
        config.g_kernel,
        config.last_kernel,
        data.n_classes,
        config.label_scale,
        n_groups,
    )
    discriminator = cgan.discriminator(
        data.image_shape,
        config.filters,
        config.d_kernel,
        config.dropout,
        data.n_classes,
        config.label_scale,
        config.seed,
        n_groups,
    )
    model = model_class(generator, discriminator, data.group_names, name=config.method, **options)
    model.compile(
        keras.optimizers.Adam(config.d_learning_rate, beta_1=config.beta_1, name="d_adam"),
        keras.optimizers.Adam(config.g_learning_rate, beta_1=config.beta_1, name="g_adam"),
        jit_compile=config.jit_compile,
    )
    batches = partial(batches, data, config.batch_size, config.latent_size, config.seed)
    return Phase("gan", model, batches, generator=generator)
