"""Differentiable augmentation: the discriminator sees real and generated images alike through random changes.

The generator learns through them, and is not taught to make them. Reference: Zhao et al., "Differentiable Augmentation
for Data-Efficient GAN Training" (2020), appendix C: colour, translation and cutout.
"""

import tensorflow as tf

from repfair_keras.core.replicas import of_replica

SHIFT = 1 / 8  # of the side, at most
HOLE = 1 / 2  # of the side


def _uniform(images, key, low=0.0, high=1.0):
    def draw(n):
        return tf.random.stateless_uniform((n, 1, 1, 1), key, low, high, images.dtype)

    return of_replica(draw, tf.shape(images)[0])


def colour(images, key):
    """Moves brightness by up to a quarter of the range, stretches saturation (0 to 2) and contrast (.5 to 1.5)."""
    images += _uniform(images, key + 1, -0.5, 0.5)
    if images.shape[-1] > 1:
        grey = tf.reduce_mean(images, axis=-1, keepdims=True)
        images = (images - grey) * _uniform(images, key + 2, 0.0, 2.0) + grey
    mean = tf.reduce_mean(images, axis=(1, 2, 3), keepdims=True)
    return (images - mean) * _uniform(images, key + 3, 0.5, 1.5) + mean


def translation(images, key):
    """Shifts by up to an eighth of the side; what is bare is the value of the nearest border."""
    size = images.shape[1]
    far = int(size * SHIFT + 0.5)
    moved = [tf.cast(_uniform(images, key + i, 0, 2 * far + 1)[:, :, 0, 0], tf.int32) - far for i in (4, 5)]
    places = tf.range(size)[None]
    rows, columns = (tf.clip_by_value(places + shift, 0, size - 1) for shift in moved)
    images = tf.gather(images, rows, axis=1, batch_dims=1)
    return tf.gather(images, columns, axis=2, batch_dims=1)


def cutout(images, key):
    """Sets a square of half the side, anywhere, to the middle of the range."""
    size = images.shape[1]
    half = size * HOLE / 2
    places = tf.range(size, dtype=images.dtype)[None]
    near = [tf.abs(places - _uniform(images, key + i, 0.0, float(size))[:, :, 0, 0]) < half for i in (6, 7)]
    hole = tf.logical_and(near[0][:, :, None, None], near[1][:, None, :, None])
    return tf.where(hole, tf.zeros_like(images), images)


def flip(images, key):
    """Mirrors half of the images: for data that left and right do not matter to."""
    return tf.where(_uniform(images, key + 8) < 0.5, images[:, :, ::-1], images)


KINDS = {"colour": colour, "translation": translation, "cutout": cutout, "flip": flip}


def diff_augment(images, kinds, seed, step):
    """Changes images at random, each in its own way: a function of (seed, step) alone.

    Args:
        images: float in [-1, 1], shape `(batch, size, size, channels)`.
        kinds: names of `KINDS`, in the order in which they act.
        seed: integer.
        step: integer tensor, a number that is used once.

    Returns:
        The same shape; gradients run through it.
    """
    key = tf.stack([tf.constant(seed, tf.int64), 16 * tf.cast(step, tf.int64)])
    for kind in kinds:
        images = KINDS[kind](images, key)
    return images
