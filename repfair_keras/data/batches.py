"""Batches of real images with the noise of the same step, for training.

Everything in a batch is a function of (seed, step) alone: shuffling is a pseudo-random permutation evaluated
position by position, noise is stateless. So training can resume at any step, and any number of devices, with
or without XLA, sees the same numbers.
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from repfair_keras.core.random_streams import Stream
from repfair_keras.data.images.stored import is_in_memory


class Batch(NamedTuple):
    """One training step's data.

    Args:
        images: float32 in [-1, 1], shape `(batch, height, width, channels)`: X_t of Algorithm 1.
        labels: int32, shape `(batch,)`; zeros where there are no classes.
        groups: int32, shape `(batch,)`: S of each image.
        latents: float32, standard normal, shape `(batch, latent_size)`: z.
        fake_labels: int32, uniform over the classes, shape `(batch,)`: labels for the generated images.
        fake_groups: int32, shape `(batch,)`: groups for the generated images, where a generator is told.
    """

    images: tf.Tensor
    labels: tf.Tensor
    groups: tf.Tensor
    latents: tf.Tensor
    fake_labels: tf.Tensor
    fake_groups: tf.Tensor


def mixed_batches(data, batch_size, latent_size, seed, start=0):
    """Batches drawn from all groups, as they occur in the data.

    Args:
        data: `ImageDataset`.
        batch_size: images per batch.
        latent_size: length of the noise vector.
        seed: seed of the order and the noise.
        start: first step, to resume.

    Returns:
        An endless `tf.data.Dataset` of `Batch`. Each image occurs once per pass over the data.

    Examples:
        >>> import repfair_keras as rf
        >>> batch = next(iter(rf.mixed_batches(rf.load_dataset("mnist_5k"), 64, 100, seed=0)))
        >>> batch.images.shape, batch.latents.shape
        (TensorShape([64, 28, 28, 1]), TensorShape([64, 100]))
    """
    return _batches(data, [np.arange(len(data))], batch_size, latent_size, seed, start)


def alternating_batches(data, batch_size, latent_size, seed, start=0):
    """Batches of one group each, groups in turn: step t has images of group t mod K only.

    A small group repeats: its images are shuffled anew after each pass. Arguments and result as in
    `mixed_batches`.

    Args:
        data, batch_size, latent_size, seed, start: as in `mixed_batches`.

    Reference: RepFair-GAN, Algorithm 1 (X_t <- {D | S = u}).

    Examples:
        >>> import repfair_keras as rf
        >>> batches = rf.alternating_batches(rf.load_dataset("mnist_5k"), 4, 100, seed=0)
        >>> [set(batch.groups.numpy().tolist()) for batch in batches.take(3)]
        [{0}, {1}, {0}]
    """
    members = [np.flatnonzero(data.groups == group) for group in range(data.n_groups)]
    return _batches(data, members, batch_size, latent_size, seed, start)


def balanced_batches(data, batch_size, latent_size, seed, start=0):
    """Batches with equally many images of each group: image i of them all is of group i mod K.

    A small group repeats, as in `alternating_batches`. Arguments and result as in `mixed_batches`.

    Args:
        data, batch_size, latent_size, seed, start: as in `mixed_batches`.

    Examples:
        >>> import repfair_keras as rf
        >>> batch = next(iter(rf.balanced_batches(rf.load_dataset("mnist_5k", share=0.1), 6, 100, seed=0)))
        >>> batch.groups.numpy().tolist()
        [0, 1, 0, 1, 0, 1]
    """
    members = [np.flatnonzero(data.groups == group) for group in range(data.n_groups)]
    return _batches(data, members, batch_size, latent_size, seed, start, per_image=True)


def paired_batches(data, batch_size, latent_size, seed, start=0):
    """Mixed batches in which generated images are made for the labels and groups of the real ones.

    So the generator is never asked for a pair that the data do not have. Arguments and result as in
    `mixed_batches`.

    Args:
        data, batch_size, latent_size, seed, start: as in `mixed_batches`.

    Examples:
        >>> import repfair_keras as rf
        >>> batch = next(iter(rf.paired_batches(rf.load_dataset("mnist_5k"), 6, 100, seed=0)))
        >>> bool((batch.labels == batch.fake_labels).numpy().all())
        True
    """

    @tf.autograph.experimental.do_not_convert
    def paired(batch):
        return batch._replace(fake_labels=batch.labels)

    return mixed_batches(data, batch_size, latent_size, seed, start).map(paired)


def _batches(data, pools, batch_size, latent_size, seed, start, per_image=False):
    images_at = _reader(data.pixels)
    groups = tf.constant(data.groups, tf.int32)
    labels = tf.zeros(len(data), tf.int32) if data.labels is None else tf.constant(data.labels, tf.int32)
    order, sizes = (
        tf.constant(np.concatenate(pools), tf.int64),
        tf.constant([len(p) for p in pools], tf.int64),
    )
    offsets = tf.cumsum(sizes, exclusive=True)

    @tf.autograph.experimental.do_not_convert  # there is nothing to convert, and looking for it takes a second
    def batch(step):
        place = tf.range(batch_size, dtype=tf.int64)
        if per_image:
            place += step * batch_size
            turn, position = place % len(pools), place // len(pools)
        else:
            turn, position = tf.repeat(step % len(pools), batch_size), step // len(pools) * batch_size + place
        index = tf.gather(
            order, tf.gather(offsets, turn) + shuffled(position, turn, tf.gather(sizes, turn), seed)
        )
        z_key, label_key = step_keys(seed, step)
        real_groups = tf.gather(groups, index)
        return Batch(
            images=tf.cast(images_at(index), tf.float32) / 127.5 - 1.0,
            labels=tf.gather(labels, index),
            groups=real_groups,
            latents=tf.random.stateless_normal((batch_size, latent_size), z_key),
            fake_labels=tf.random.stateless_uniform(
                (batch_size,), label_key, 0, max(data.n_classes, 1), tf.int32
            ),
            fake_groups=real_groups,
        )

    steps = tf.data.Dataset.range(start, np.iinfo(np.int64).max)
    return steps.map(batch, num_parallel_calls=2, deterministic=True).prefetch(4)


def _reader(pixels):
    """Function from indices to images, uint8: of an array that becomes a tensor, or of what is too large for that."""
    if is_in_memory(pixels):
        tensor = tf.constant(pixels)
        return lambda index: tf.gather(tensor, index)

    def read(index):
        images = tf.numpy_function(lambda rows: pixels[rows], [index], tf.uint8, stateful=False)
        return tf.ensure_shape(images, (*index.shape, *pixels.shape[1:]))

    return read


def step_keys(seed, step):
    """Returns the keys of a training step: of its normal noise, and of its uniform numbers.

    Args:
        seed: seed of the batches.
        step: int64 scalar.
    """
    streams = Stream.STEP_NOISE, Stream.STEP_UNIFORM
    return [tf.stack([tf.constant(seed, tf.int64), 2 * step + stream]) for stream in streams]


def shuffled(position, turn, size, seed):
    """What stands at a position of an endless sequence of permutations of `size` rows.

    Args:
        position: int64, shape `(n,)`.
        turn: int64, shape `(n,)`: which sequence of permutations, where there are several.
        size: int64, shape `(n,)`.
        seed: seed of all sequences.

    Returns:
        int64, shape `(n,)`, 0 to `size - 1`.
    """
    passes = position // size
    key = tf.stack([tf.fill(tf.shape(turn), tf.constant(seed, tf.int64)), turn, passes], axis=1)
    return tf.raw_ops.RandomIndexShuffle(index=position % size, seed=key, max_index=size - 1, rounds=4)
