"""The fair encoder of FLDGM: a variational autoencoder whose codes do not tell the group."""

import dataclasses

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.core.gradients import apply_averaged, dense, mean_over_replicas
from repfair_keras.core.random_streams import Stream
from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.data.latent_sample import CodeSample
from repfair_keras.data.row_batches import row_batches
from repfair_keras.losses.distance_covariance import distance_covariance
from repfair_keras.losses.evidence import columns_cross_entropy, kl_to_standard_normal, pixels_cross_entropy
from repfair_keras.methods.fair_latent.views import view_of
from repfair_keras.methods.phase import Phase
from repfair_keras.networks.latent import decoded, prior

ENCODE = 2048  # rows encoded at a time


@keras.saving.register_keras_serializable("repfair_keras")
class FairVAE(keras.Model):
    """Encoder and decoder, trained on reconstruction + KL + beta V^2(Z, S).

    Args:
        encoder: model from rows [and groups] to `[mean, log_variance]`.
        decoder: model from `[codes, group]` to logits.
        alpha: log10 of beta, the weight of the distance covariance; `-inf`: no penalty.
        sizes: number of codes of each column of a table; empty for images.
        unbiased: whether the distance covariance is the U-statistic.

    Reference: FLDGM, supplement; Liu et al. 2022 (FairDisCo), eq. 12. Its alpha = 7 is log10: beta = 10^7.
    """

    def __init__(self, encoder, decoder, alpha, sizes=(), unbiased=False, **kwargs):
        super().__init__(**kwargs)
        self.encoder, self.decoder = encoder, decoder
        self.alpha, self.sizes, self.unbiased = alpha, tuple(sizes), unbiased
        self.beta = 10.0**alpha
        names = ["loss", "reconstruction", "kl", *(["v2"] if self.beta else [])]
        self.means = {name: keras.metrics.Mean(name=name) for name in names}
        self.built = True
        self.compiled_gaussian = tf.function(self.gaussian, reduce_retracing=True, autograph=False)

    @property
    def metrics(self):
        return list(self.means.values())

    def train_step(self, batch):
        with tf.GradientTape() as tape:
            mean, log_variance = self.gaussian(batch.rows, batch.groups, training=True)
            z = mean + tf.exp(0.5 * log_variance) * batch.noise
            logits = self.decoder([z, batch.groups], training=True)
            parts = {
                "reconstruction": self.reconstruction(logits, batch.rows),
                "kl": kl_to_standard_normal(mean, log_variance),
            }
            loss = parts["reconstruction"] + parts["kl"]
            if self.beta:
                parts["v2"] = distance_covariance(mean, log_variance, batch.groups, self.unbiased)
                loss += self.beta * parts["v2"]
        variables = self.trainable_variables
        gradients = mean_over_replicas(dense(tape.gradient(loss, variables)))
        apply_averaged(self.optimizer, gradients, variables)
        for name, value in {"loss": loss, **parts}.items():
            self.means[name].update_state(value)
        return self.get_metrics_result()

    def gaussian(self, rows, groups, training=False):
        """Returns mean and log variance of the codes of rows, shapes `(batch, d)`."""
        inputs = [rows, groups] if len(self.encoder.inputs) > 1 else rows
        return self.encoder(inputs, training=training)

    def reconstruction(self, logits, rows):
        """Cross-entropy of the rows, summed over columns or pixels."""
        if self.sizes:
            return columns_cross_entropy(logits, rows, self.sizes)
        return pixels_cross_entropy(logits, rows)

    def encode(self, rows, groups, to_input=tf.identity):
        """Codes of any number of rows.

        Args:
            rows: shape `(N, ...)`.
            groups: int32, shape `(N,)`.
            to_input: function from rows to what the encoder takes.

        Returns:
            `Codes`.
        """
        groups, parts = tf.constant(groups, tf.int32), []
        for start in range(0, len(rows), ENCODE):
            some = slice(start, start + ENCODE)
            parts.append(self.compiled_gaussian(to_input(rows[some]), groups[some]))
        return Codes(*(np.concatenate(each) for each in zip(*parts, strict=True)))

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        networks = {name: serialize(getattr(self, name)) for name in ("encoder", "decoder")}
        kept = {"alpha": str(self.alpha), "sizes": list(self.sizes), "unbiased": self.unbiased}
        return {"name": self.name, **networks, **kept}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        networks = {
            name: keras.saving.deserialize_keras_object(config.pop(name)) for name in ("encoder", "decoder")
        }
        return cls(**networks, alpha=float(config.pop("alpha")), **config)


class Codes:
    """Codes of rows: a Gaussian each.

    Args:
        mean, log_variance: float32, shape `(N, d)`.
    """

    def __init__(self, mean, log_variance):
        self.mean, self.log_variance = mean, log_variance

    @property
    def centre(self):
        """Mean of a code drawn for a row drawn at random, shape `(d,)`."""
        return self.mean.mean(axis=0)

    @property
    def deviation(self):
        """Standard deviation of such a code, shape `(d,)`: that of the means and that around them."""
        return np.sqrt(self.mean.var(axis=0) + np.exp(self.log_variance).mean(axis=0))

    def drawn(self, rng):
        """Returns one code of each row, shape `(N, d)`."""
        return self.mean + np.exp(0.5 * self.log_variance) * rng.standard_normal(self.mean.shape)


def encoder_phase(data, settings, training, steps=None, folder=""):
    """Returns `(Phase, FairVAE)`: how the encoder of a data set's rows is trained.

    Args:
        data: `ImageDataset` or `TableDataset`.
        settings: the method's own, `FairVAESettings` or what extends them.
        training: `TrainingSettings`.
        steps: iterations; `None`: as many as the configuration says.
        folder: as in `Phase`.
    """
    view = view_of(data)
    encoder, decoder = view.networks(settings)
    unbiased = settings.statistic == "u"
    model = FairVAE(encoder, decoder, settings.alpha, view.sizes, unbiased, name="fair_vae")
    model.compile(
        keras.optimizers.Adam(settings.encoder_rate, name="e_adam"), jit_compile=training.jit_compile
    )
    model.optimizer.build(model.trainable_variables)

    @tf.autograph.experimental.do_not_convert
    def as_input(batch):
        return batch._replace(rows=view.to_input(batch.rows))

    def batches(start):
        drawn = row_batches(
            view.rows, view.groups, training.batch_size, settings.code_size, training.seed, start
        )
        return drawn.map(as_input)

    return Phase("fair_vae", model, batches, steps, folder), model


def code_sample(model, data, synthetic, seed):
    """Returns the `CodeSample` of a trained encoder, one code drawn for each real row.

    Args:
        model: `FairVAE`.
        data: `ImageDataset` or `TableDataset` that it was trained on.
        synthetic: codes that a generator made, shape `(n, d)`.
        seed: seed of the draws.
    """
    rng, view = np.random.default_rng((seed, Stream.REAL_CODES)), view_of(data)
    train = model.encode(view.rows, view.groups, view.to_input).drawn(rng)
    test = model.encode(*view.held_out, view.to_input).drawn(rng)
    return CodeSample(train, view.groups, test, view.held_out[1], synthetic, *(view.targets or ()))


def generated(code_generator, n, seed):
    """Returns n codes that a model makes of normal noise, shape `(n, d)`."""
    rng = np.random.default_rng((seed, Stream.GENERATED_CODES))
    noise = rng.standard_normal((n, code_generator.input_shape[1])).astype(np.float32)
    return code_generator.predict(noise, batch_size=ENCODE, verbose=0)


def fair_vae(data, settings, training):
    """Fair encoder and its decoder; codes are drawn from the prior, a standard normal."""
    phase, model = encoder_phase(data, settings, training)
    codes = prior(settings.code_size)

    def sample(n, seed):
        return code_sample(model, data, generated(codes, n, seed), seed)

    generator = decoded(codes, model.decoder, isinstance(data, ImageDataset))
    yield dataclasses.replace(phase, generator=generator, codes=sample)
