"""From settings to a compiled adversarial model and its batches."""

from functools import partial

import keras

from repfair_keras.methods.phase import Phase
from repfair_keras.networks import cgan


def adversarial_phase(model_class, batches, data, settings, training, n_groups=0, **options):
    """Builds the one phase of an adversarial method.

    Args:
        model_class: a subclass of `AdversarialModel`.
        batches: `mixed_batches` or `alternating_batches`.
        data: `ImageDataset`.
        settings: `GANSettings`, or settings that extend them.
        training: `TrainingSettings`.
        n_groups: number of groups that the networks are conditioned on; 0: they know nothing of groups.
        options: further arguments of `model_class`, its `name` among them.

    Returns:
        `Phase`.

    Examples:
        >>> import repfair_keras as rf
        >>> from repfair_keras.runs.config import configure
        >>> config, data = configure(method="gan", filters=4), rf.load_dataset("mnist_5k")
        >>> parts = config.settings, config.training
        >>> rf.adversarial_phase(rf.GAN, rf.mixed_batches, data, *parts, name="mine").model.name
        'mine'
    """
    generator = cgan.generator(
        data.image_shape,
        settings.latent_size,
        settings.filters,
        settings.g_kernel,
        settings.last_kernel,
        data.n_classes,
        settings.label_scale,
        n_groups,
    )
    discriminator = cgan.discriminator(
        data.image_shape,
        settings.filters,
        settings.d_kernel,
        settings.dropout,
        data.n_classes,
        settings.label_scale,
        training.seed,
        n_groups,
    )
    model = model_class(generator, discriminator, group_names=data.group_names, **options)
    model.compile(
        keras.optimizers.Adam(settings.d_learning_rate, beta_1=settings.beta_1, name="d_adam"),
        keras.optimizers.Adam(settings.g_learning_rate, beta_1=settings.beta_1, name="g_adam"),
        jit_compile=training.jit_compile,
    )
    batches = partial(batches, data, training.batch_size, settings.latent_size, training.seed)
    return Phase("gan", model, batches, generator=generator)
