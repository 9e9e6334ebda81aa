"""What engines of tables train: a generator of rows that is told the values of some columns."""

import tensorflow as tf


class RowGenerator(tf.Module):
    """Makes rows of category ids, given those of some columns. Abstract: an engine adds `rows`.

    Args:
        sizes: number of codes of each column, in the schema's order.
        told: places of the columns that it is told, in the order in which it is told them; `()`: it makes all.

    Examples:
        >>> import tensorflow as tf
        >>> from repfair_keras.core.random_streams import Stream
        >>> class Coins(RowGenerator):
        ...     def rows(self, told, seed):
        ...         key = (seed, Stream.SAMPLE_VALUES)
        ...         coin = tf.random.stateless_uniform((tf.shape(told)[0], 1), key, 0, 2, tf.int32)
        ...         return tf.concat([told, coin], axis=1)
        >>> Coins(sizes=(3, 2), told=(0,)).rows(tf.constant([[2], [0]]), 7)[:, 0].numpy().tolist()
        [2, 0]
    """

    def __init__(self, sizes, told):
        super().__init__()
        self.sizes, self.told = tuple(map(int, sizes)), tuple(map(int, told))

    @property
    def made(self):
        """Places of the columns that it makes, ascending."""
        return tuple(place for place in range(len(self.sizes)) if place not in self.told)

    def rows(self, told, seed):
        """Makes a row for each row of what is told; the same seed, the same rows.

        Args:
            told: int32, shape `(n, len(self.told))`.
            seed: int32, a scalar.

        Returns:
            int32, shape `(n, len(sizes))`: codes of all columns, those that are told as they are told.
        """
        raise NotImplementedError

    def together(self, told, made):
        """Returns rows in the schema's order, of columns `(n, ...)` that are told and of those made."""
        columns = dict(zip(self.told, tf.unstack(told, axis=1, num=len(self.told)), strict=True))
        columns |= dict(zip(self.made, tf.unstack(made, axis=1, num=len(self.made)), strict=True))
        return tf.stack([columns[place] for place in range(len(self.sizes))], axis=1)
