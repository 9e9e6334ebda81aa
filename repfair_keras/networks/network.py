"""What the generator and the discriminator of adversarial methods are built of: a registry of pairs of networks."""

from collections.abc import Callable
from typing import Any, NamedTuple

from repfair_keras.registry import register, resolve


class Spec(NamedTuple):
    """What a pair of networks is asked to be.

    Args:
        image_shape: `(size, size, channels)`.
        n_classes: number of classes that both are told; 0: none.
        n_groups: number of groups that both are told; 0: none.
        settings: the method's settings, `methods.settings.GANSettings` or what extends them.
        seed: seed of what is random in training, as dropout. Initial weights: `networks.seeded`.
    """

    image_shape: tuple[int, int, int]
    n_classes: int
    n_groups: int
    settings: Any
    seed: int


class Network(NamedTuple):
    """A pair of networks.

    Args:
        name: what users type as `--network`.
        generator: function from a `Spec` to a `keras.Model`, or its place as `module:function`: from `z`, shape
            `(batch, latent_size)`, [, `label`] [, `group`], int32, shape `(batch,)`, to images in [-1, 1].
        discriminator: the same from `image` [, `label`] [, `group`] to logits, shape `(batch, 1)`.
        check: function from an image's shape, or its place, that raises `InputError` for sizes it cannot make.
        reads: names of the settings it reads of those that not all networks do; `None`: every one.
    """

    name: str
    generator: Callable | str
    discriminator: Callable | str
    check: Callable | str | None = None
    reads: tuple[str, ...] | None = None

    def build(self, spec: Spec):
        """Returns `(generator, discriminator)`."""
        return tuple(_called(part)(spec) for part in (self.generator, self.discriminator))

    def check_size(self, image_shape) -> None:
        """Raises `InputError` if the networks cannot make images of this shape."""
        if self.check is not None:
            _called(self.check)(image_shape)


def register_network(
    name: str, generator: Callable, discriminator: Callable, check: Callable | None = None
) -> Network:
    """Makes a pair of networks known under a name that `--network` takes, in this process.

    Args:
        name, generator, discriminator, check: as in `Network`.

    Raises:
        InputError: if the name is one of this package's own.

    Examples:
        >>> import keras, repfair_keras as rf
        >>> def generator(spec):
        ...     z = keras.Input((spec.settings.latent_size,), name="z")
        ...     x = keras.layers.Dense(784, "tanh")(z)
        ...     return keras.Model([z], keras.layers.Reshape(spec.image_shape)(x), name="generator")
        >>> def discriminator(spec):
        ...     image = keras.Input(spec.image_shape, name="image")
        ...     x = keras.layers.Flatten()(image)
        ...     return keras.Model([image], keras.layers.Dense(1)(x), name="discriminator")
        >>> rf.register_network("documented", generator, discriminator).name
        'documented'
    """
    return register("network", name, Network(name, generator, discriminator, check))


def _called(part):
    return resolve(part) if isinstance(part, str) else part
