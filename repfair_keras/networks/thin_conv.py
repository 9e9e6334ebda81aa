"""A convolution to few channels, such as the last one of a generator, that is fast on CPU."""

import keras
import tensorflow as tf

from repfair_keras.networks import seeded


@keras.saving.register_keras_serializable("repfair_keras")
class ThinConv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D` with stride 1 and padding "same", computed as one matrix product on CPU.

    Same weights, same result to rounding. With one output channel the library's convolution leaves most of a
    CPU's vector units idle; `docs/decisions/0006-thin-convolution.md` has the measurement.
    """

    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(filters, kernel_size, **kwargs)
        if (self.strides, self.padding, self.dilation_rate, self.groups) != ((1, 1), "same", (1, 1), 1):
            raise ValueError("ThinConv2D has stride 1, padding 'same', no dilation and no groups only.")

    def convolution_op(self, inputs, kernel):
        if tf.config.list_logical_devices("GPU"):
            return super().convolution_op(inputs, kernel)
        return thin_convolution(inputs, tf.convert_to_tensor(kernel))


def to_image(x, channels, size=3):
    """The last layer of a generator: from maps to an image in [-1, 1], in float32 whatever the others are in."""
    options = {"padding": "same", "activation": "tanh", "dtype": "float32", "name": "image"}
    return seeded.conv(channels, size, layer=ThinConv2D, **options)(x)


def with_plain_layers(model):
    """Returns a copy of a model in which every `ThinConv2D` is a `keras.layers.Conv2D` of the same weights.

    Such a model loads without this package, unless it has other layers of it.
    """

    def plain(layer):
        if isinstance(layer, keras.Model):
            return with_plain_layers(layer)
        layer_class = keras.layers.Conv2D if isinstance(layer, ThinConv2D) else type(layer)
        return layer_class.from_config(layer.get_config())

    copy = keras.models.clone_model(model, clone_function=plain)
    copy.set_weights(model.get_weights())
    return copy


@tf.custom_gradient
def thin_convolution(x, kernel):
    """Convolves with stride 1 and padding "same": all taps at once, then a sum of shifted maps.

    Args:
        x: float32, shape `(batch, height, width, channels)`.
        kernel: float32, shape `(size, size, channels, filters)`.

    Returns:
        float32, shape `(batch, height, width, filters)`, and its gradient function.
    """
    size, _, channels, filters = kernel.shape
    before, after = (size - 1) // 2, size // 2
    batch, height, width = tf.shape(x)[0], x.shape[1], x.shape[2]
    taps = [(i, j) for i in range(size) for j in range(size)]
    matrix = tf.reshape(tf.transpose(kernel, (0, 1, 3, 2)), (size * size * filters, channels))
    rows = tf.reshape(x, (-1, channels))

    def shift(maps, i, j):
        return maps[..., i : i + height, j : j + width]

    products = tf.matmul(matrix, rows, transpose_b=True)  # a contiguous map for each tap
    products = tf.reshape(products, (size * size, filters, batch, height, width))
    products = tf.pad(products, [[0, 0], [0, 0], [0, 0], [before, after], [before, after]])
    y = tf.add_n([shift(products[n], i, j) for n, (i, j) in enumerate(taps)])

    def gradient(dy):
        dy = tf.pad(tf.transpose(dy, (3, 0, 1, 2)), [[0, 0], [0, 0], [after, before], [after, before]])
        signal = tf.stack([shift(dy, size - 1 - i, size - 1 - j) for i, j in taps])
        signal = tf.reshape(signal, (size * size * filters, -1))
        dx = tf.reshape(tf.matmul(signal, matrix, transpose_a=True), tf.shape(x))
        dkernel = tf.reshape(signal @ rows, (size, size, filters, channels))
        return dx, tf.transpose(dkernel, (0, 1, 3, 2))

    return tf.transpose(y, (1, 2, 3, 0)), gradient
