"""A metric that keeps one mean per group."""

import keras
import tensorflow as tf


class GroupMean(keras.metrics.Metric):
    """Mean of a value over the training steps whose batch holds a group; one result per group.

    Args:
        group_names: one name per group; the results are called `<name>/<group>`.
        name: name of the value.
    """

    def __init__(self, group_names, name, **kwargs):
        super().__init__(name=name, **kwargs)
        self.group_names = tuple(group_names)
        shape = (len(self.group_names),)
        self.total = self.add_weight(shape=shape, initializer="zeros", name="total")
        self.count = self.add_weight(shape=shape, initializer="zeros", name="count")

    def update_state(self, groups, value):
        """Counts `value`, a scalar, for every group that occurs in `groups`, int, shape `(batch,)`."""
        present = tf.reduce_max(tf.one_hot(groups, len(self.group_names)), axis=0)
        self.total.assign_add(present * value)
        self.count.assign_add(present)

    def result(self):
        means = tf.convert_to_tensor(self.total) / tf.convert_to_tensor(
            self.count
        )  # NaN for a group not seen
        return {f"{self.name}/{group}": means[k] for k, group in enumerate(self.group_names)}

    def get_config(self):
        return {**super().get_config(), "group_names": list(self.group_names)}
