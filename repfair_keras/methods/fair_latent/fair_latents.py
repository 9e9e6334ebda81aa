"""What the latent generators of FLDGM share: an encoder first, then its codes, standardised."""

import numpy as np
import tensorflow as tf

from repfair_keras.data.row_batches import row_batches
from repfair_keras.methods.fair_latent.fair_vae import code_sample, encoder_phase, generated
from repfair_keras.methods.fair_latent.views import view_of
from repfair_keras.networks.latent import decoded


class FairCodes:
    """Standardised codes of the training rows, and the way back from them.

    Args:
        model: `FairVAE`, trained.
        data: `ImageDataset` or `TableDataset` that it was trained on.
    """

    def __init__(self, model, data):
        view = view_of(data)
        self.model, self.data, self.images, self.groups = model, data, view.images, view.groups
        self.codes = model.encode(view.rows, view.groups, view.to_input)

    def batches(self, batch_size, noise_size, seed, start=0):
        """Batches of these codes, see `code_batches`."""
        return code_batches(self.codes, self.groups, batch_size, noise_size, seed, start)

    def sample(self, code_generator, n, seed):
        """Real codes and generated ones.

        Args:
            code_generator: model from noise to standardised codes.
            n: number of generated codes.
            seed: seed of all draws.

        Returns:
            `CodeSample`.
        """
        made = generated(code_generator, n, seed) * self.codes.deviation + self.codes.centre
        return code_sample(self.model, self.data, made, seed)

    def decoded(self, code_generator):
        """Returns a generator of standardised codes with the decoder after it."""
        centre, deviation = self.codes.centre, self.codes.deviation
        return decoded(code_generator, self.model.decoder, self.images, centre, deviation)


def code_batches(codes, groups, batch_size, noise_size, seed, start=0):
    """Batches of codes, drawn anew from their Gaussians each time, standardised.

    Args:
        codes: `Codes`.
        groups: int, shape `(N,)`.
        batch_size, noise_size, seed, start: as in `row_batches`.

    Returns:
        An endless `tf.data.Dataset` of `(codes, noise, weights)`: standardised codes, shape `(batch, d)`, and
        normal and uniform numbers of shapes `(batch, noise_size)` and `(batch,)`.
    """
    size = codes.mean.shape[1]
    rows = np.concatenate([codes.mean - codes.centre, np.exp(0.5 * codes.log_variance)], axis=1)
    rows = (rows / np.tile(codes.deviation, 2)).astype(np.float32)

    @tf.autograph.experimental.do_not_convert
    def drawn(batch):
        mean, deviation = tf.split(batch.rows, 2, axis=1)
        return mean + deviation * batch.noise[:, :size], batch.noise[:, size:], batch.weights

    return row_batches(rows, groups, batch_size, size + noise_size, seed, start).map(drawn)


def fair_codes(data, settings, training):
    """Yields the encoder's phase; returns its `FairCodes` when it is trained."""
    steps = settings.vae_steps or settings.vae_epochs * max(len(data) // training.batch_size, 1)
    phase, model = encoder_phase(data, settings, training, steps, "encoder")
    yield phase
    return FairCodes(model, data)
