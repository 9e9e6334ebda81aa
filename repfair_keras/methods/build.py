"""From settings to a compiled adversarial model and its batches."""

import warnings
from functools import partial

import keras

from repfair_keras.core.errors import InputError
from repfair_keras.core.garbage import leaving_nothing
from repfair_keras.core.global_seeds import seeded_globals
from repfair_keras.core.precision import precision
from repfair_keras.core.settings import settings_in
from repfair_keras.losses.objective import Objective
from repfair_keras.methods.phase import Phase
from repfair_keras.methods.settings import GANSettings
from repfair_keras.networks.network import Spec
from repfair_keras.networks.spectral import spectrally_normalised
from repfair_keras.registry import lookup

LABELS_UNSEEN = (
    "spectral_norm divides the layers that read labels and groups too, and then images may not show the label asked "
    "for (with the network dcgan and the loss hinge 24 of 24 runs did not): expected norm_conditions false "
    "(--norm_conditions false)."
)


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
    spec = Spec(data.image_shape, data.n_classes, n_groups, settings, training.seed)
    check_objective(model_class, settings)
    of_both = {"objective": objective_of(settings, training.seed), "ema": settings.ema}
    with precision(settings.precision):
        generator, discriminator = networks_of(spec)
        model = model_class(generator, discriminator, group_names=data.group_names, **of_both, **options)
    betas = {"beta_1": settings.beta_1, "beta_2": settings.beta_2}
    model.compile(
        keras.optimizers.Adam(settings.d_learning_rate, **betas, name="d_adam"),
        keras.optimizers.Adam(settings.g_learning_rate, **betas, name="g_adam"),
        jit_compile=training.jit_compile,
    )
    batches = partial(batches, data, training.batch_size, settings.latent_size, training.seed)
    shown = model.shown_generator
    return Phase("gan", model, batches, generator=shown, raw=None if shown is generator else generator)


def networks_of(spec):
    """Returns generator and discriminator, with spectral normalisation where the settings say so.

    Args:
        spec: `Spec`.

    Raises:
        InputError: if the generator does not make images of the data's shape, the discriminator gives no logit for
            each, or spectral normalisation is asked for and has nothing to normalise.
    """
    settings = spec.settings
    generator, discriminator = lookup("network", settings.network).build(spec)
    for model, expected, what in (
        (generator, (None, *spec.image_shape), "images of the data's shape"),
        (discriminator, (None, 1), "a logit for each image"),
    ):
        found = model.output_shape
        if len(found) != len(expected) or any(
            a not in (None, b) for a, b in zip(found, expected, strict=True)
        ):
            raise InputError(
                f"network is {settings.network!r}, whose {model.name!r} gives {found}: expected "
                f"{expected}, {what}."
            )
    if settings.spectral_norm:
        conditions = settings.norm_conditions
        if conditions and len(discriminator.inputs) > 1:
            warnings.warn(LABELS_UNSEEN, stacklevel=2)
        discriminator = spectrally_normalised(discriminator, spec.seed, conditions)
    return generator, discriminator


def try_networks(spec):
    """Builds the networks of a `Spec` once, and leaves nothing of them: raises what `networks_of` raises."""
    with seeded_globals(spec.seed), leaving_nothing(), precision(spec.settings.precision):
        networks_of(spec)


def try_method(method, dataset, settings, training):
    """Begins the first phase of a `Method` once, and leaves nothing of it: raises what that raises."""
    with seeded_globals(training.seed), leaving_nothing():
        next(iter(method.phases(dataset, settings, training)), None)


def check_objective(model_class, settings):
    """Raises `InputError` for settings of the objective that a model's own `train_step` would not read.

    Args:
        model_class: subclass of `AdversarialModel`.
        settings: `GANSettings`, or settings that extend them.
    """
    plain = settings_in(GANSettings)
    if model_class.reads_objective:
        return
    for name in ("update", "r1", "r2", "d_steps"):
        if getattr(settings, name) != plain[name].default:
            raise InputError(
                f"{name} is {getattr(settings, name)}, but the train_step of {model_class.__name__} does not say that "
                "it reads it: it would change nothing. Leave it out; or have the step call joint_step, r1_gradients, "
                "r2_gradients and generator_step, as that of rf.GAN does, and set reads_objective = True."
            )


def objective_of(settings, seed):
    """Returns the `Objective` that settings name; `seed` is that of its augmentation."""
    names = ("loss", "update", "r1", "r2", "real_weight", "fake_weight", "d_steps")
    return Objective(
        **{name: getattr(settings, name) for name in names}, augment=tuple(settings.augment), seed=seed
    )
