"""A table's row as indicators."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("repfair_keras")
class Indicators(keras.layers.Layer):
    """Codes of all columns to indicators of all their values.

    Args:
        sizes: number of codes of each column.

    Input: int32, shape `(batch, n_columns)`. Output: float32, shape `(batch, sum of sizes)`.
    """

    def __init__(self, sizes, **kwargs):
        super().__init__(**kwargs)
        self.sizes = tuple(sizes)

    def call(self, codes):
        parts = [ops.zeros((ops.shape(codes)[0], 0))]  # where there are no columns too
        parts += [ops.one_hot(codes[:, i], size) for i, size in enumerate(self.sizes)]
        return ops.concatenate(parts, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], sum(self.sizes))

    def get_config(self):
        return {**super().get_config(), "sizes": list(self.sizes)}
