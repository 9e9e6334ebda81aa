"""The stacked GAN of On the Fairness of GANs: an encoder first, then two generators jointly."""

import keras
import tensorflow as tf

from repfair_keras.core.gradients import clip_by_global_norm, dense, mean_over_replicas
from repfair_keras.core.random_streams import Stream
from repfair_keras.core.replicas import of_replica
from repfair_keras.data.batches import paired_batches
from repfair_keras.losses.adversarial import NON_SATURATING
from repfair_keras.methods.phase import Phase
from repfair_keras.methods.players import TwoPlayerModel
from repfair_keras.networks import stacked

CONDITIONAL, ENTROPY = 1.0, 10.0  # weights of the losses beside the adversarial one


@keras.saving.register_keras_serializable("repfair_keras")
class StackedGAN(TwoPlayerModel):
    """G1 makes features of a label, G0 makes an image of features; D1 and D0 judge them; E checks both.

    Trained jointly: the features that G0 sees are those of G1.

    Args:
        generators: model from `[z, label]` to `[image, h]`.
        discriminator: model from `[image, h]` to `[logit0, z0, logit1, z1]`.
        encoder: E, trained: model from images to `[h, logits]`, with a part `"classify"`.
        group_names: one name per group.

    Reference: Huang et al. 2017, eq. 4 to 7; On the Fairness of GANs, section II.
    """

    NETWORKS = ("generators", "discriminator", "encoder")

    def __init__(self, generators, discriminator, encoder, group_names, **kwargs):
        images = keras.Model(generators.inputs, generators.outputs[0], name="generator")
        super().__init__(images, discriminator, group_names, **kwargs)
        self.generators, self.encoder = generators, encoder
        self.encoder.trainable = False
        self.classify = encoder.get_layer("classify")

    def train_step(self, batch):
        gradients = self.real_gradients(batch.images)
        self.record_clipping(batch.groups, clip_by_global_norm(gradients, float("inf")))
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            images, h = self.generators(self.fake_inputs(batch.latents, batch), training=True)
            logit0, z0, logit1, z1 = self.discriminator([images, h], training=True)
            entropy = self.entropy_loss(batch.latents, z0, z1)  # L^ent: z must be seen in what it makes
            d_loss = NON_SATURATING.fake(logit0) + NON_SATURATING.fake(logit1)
            g_loss = NON_SATURATING.generator(logit0) + NON_SATURATING.generator(logit1)  # L^adv
            g_loss += CONDITIONAL * self.conditional_loss(images, h, batch.fake_labels)  # L^cond
            g_loss += ENTROPY * entropy + self.penalty_of(images)
            d_total = d_loss + ENTROPY * entropy
        self.d_loss_fake.update_state(d_loss)
        self.g_loss.update_state(g_loss)
        fake = averaged(d_tape.gradient(d_total, self.discriminator.trainable_variables))
        steps = averaged(g_tape.gradient(g_loss, self.generator.trainable_variables))
        self.update_discriminator([real + other for real, other in zip(gradients, fake, strict=True)])
        self.update_generator(steps)
        return self.get_metrics_result()

    def real_gradients(self, images, training=True):
        """Returns the gradient of the real half of both discriminators' loss."""
        loss, gradients = self._real_loss(images, training)
        self.d_loss_real.update_state(loss)
        return gradients

    def conditional_loss(self, images, h, labels):
        """E must see the label in the features, and the features in the image.

        Args:
            images: generated, shape `(batch, height, width, channels)`.
            h: generated features that they were made from, shape `(batch, 256)`.
            labels: int32, shape `(batch,)`, that the features were made from.

        Returns:
            Scalar: cross-entropy of `labels` under E(h), plus the mean squared difference of E(image) and h.
        """
        entropies = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, self.classify(h))
        seen, _ = self.encoder(images, training=False)
        return tf.reduce_mean(entropies) + tf.reduce_mean(tf.square(seen - h))

    def entropy_loss(self, latents, z0, z1):
        """Mean squared error of the noise that the discriminators recover, for both generators."""
        size = z1.shape[1]
        pairs = (z1, latents[:, :size]), (z0, latents[:, size:])
        return sum(tf.reduce_mean(tf.square(found - z)) for found, z in pairs)

    @tf.function(reduce_retracing=True, autograph=False)
    def probe(self, images, labels, groups):
        """Measures real images as `AdversarialModel.probe` does: loss and norm, for both discriminators."""
        loss, gradients = self._real_loss(images, training=False)
        return loss, clip_by_global_norm(gradients, float("inf")).norm

    def _real_loss(self, images, training):
        h, _ = self.encoder(images, training=False)
        with tf.GradientTape() as tape:
            logit0, _, logit1, _ = self.discriminator([images, h], training=training)
            loss = NON_SATURATING.real(logit0) + NON_SATURATING.real(logit1)
        variables = self.discriminator.trainable_variables
        gradients = tape.gradient(loss, variables)  # none for the heads that recover noise
        known = [
            tf.zeros(variable.shape) if gradient is None else gradient
            for gradient, variable in zip(gradients, variables, strict=True)
        ]
        return loss, averaged(known)


@keras.saving.register_keras_serializable("repfair_keras")
class PublishedStackedGAN(StackedGAN):
    """The same, trained as the public code does it: in turn, each generator by its own loss, on uniform noise.

    D1 and D0 make a step on real images and on those of the batch's noise; then G1 and G0 make one on noise that is
    new, against discriminators that have moved. G1 learns from L^adv and L^ent of D1 and the label that E sees in its
    features; G0 from those of D0 and the features that E sees in its image. Nothing of G0's loss reaches G1.

    Args:
        generators, discriminator, encoder, group_names: as in `StackedGAN`, the first two for uniform noise.
        seed: of the new noise.

    Reference: Huang et al. 2017, eq. 4 to 7, and their public code; On the Fairness of GANs, section II.
    """

    def __init__(self, generators, discriminator, encoder, group_names, seed=0, **kwargs):
        super().__init__(generators, discriminator, encoder, group_names, **kwargs)
        self.seed = seed

    def train_step(self, batch):
        gradients = self.real_gradients(batch.images)
        self.record_clipping(batch.groups, clip_by_global_norm(gradients, float("inf")))
        step = tf.cast(self.d_optimizer.iterations, tf.int64)
        images, h = self.generators(self.fake_inputs(batch.latents, batch), training=True)
        with tf.GradientTape() as tape:
            logit0, z0, logit1, z1 = self.discriminator([images, h], training=True)
            fake = NON_SATURATING.fake(logit0) + NON_SATURATING.fake(logit1)
            loss = fake + ENTROPY * self.entropy_loss(batch.latents, z0, z1)
        self.d_loss_fake.update_state(fake)
        others = averaged(tape.gradient(loss, self.discriminator.trainable_variables))
        self.update_discriminator([a + b for a, b in zip(gradients, others, strict=True)])
        self.update_generator(self.own_gradients(self.new_noise(batch.latents, step), batch))
        return self.get_metrics_result()

    def new_noise(self, latents, step):
        """Noise of a key of its own for each step, of the shape of the batch's."""
        key = tf.stack([tf.constant(self.seed, tf.int64), Stream.STACKED_NOISE - step])
        return of_replica(
            lambda n: tf.random.stateless_normal((n, latents.shape[1]), key), tf.shape(latents)[0]
        )

    def own_gradients(self, latents, batch):
        """Returns the gradient of each generator's variables of its own loss."""
        size = latents.shape[1] // 2
        with tf.GradientTape(persistent=True) as tape:
            images, h = self.generators(self.fake_inputs(latents, batch), training=True)
            logit0, z0, logit1, z1 = self.discriminator([images, h], training=True)
            seen, _ = self.encoder(images, training=False)
            noise, labels = stacked.uniform_of(latents), batch.fake_labels
            entropies = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, self.classify(h))
            upper = NON_SATURATING.generator(logit1) + CONDITIONAL * tf.reduce_mean(entropies)
            upper += ENTROPY * tf.reduce_mean(tf.square(z1 - noise[:, :size]))
            lower = NON_SATURATING.generator(logit0) + CONDITIONAL * tf.reduce_mean(tf.square(seen - h))
            lower += ENTROPY * tf.reduce_mean(tf.square(z0 - noise[:, size:])) + self.penalty_of(images)
        self.g_loss.update_state(upper + lower)
        of_g1 = {id(variable) for variable in self.generators.get_layer("g1").trainable_variables}
        variables = self.generator.trainable_variables
        above, below = tape.gradient(upper, variables), tape.gradient(lower, variables)
        own = [a if id(v) in of_g1 else b for v, a, b in zip(variables, above, below, strict=True)]
        return averaged(own)

    def entropy_loss(self, latents, z0, z1):
        return super().entropy_loss(stacked.uniform_of(latents), z0, z1)

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}


def averaged(gradients):
    """Dense gradients, averaged over replicas."""
    return mean_over_replicas(dense(gradients))


def stacked_gan(data, settings, training):
    """Stacked GAN: E on real images and their classes; then G1, G0, D1 and D0 together."""
    encoder = stacked.encoder(data.image_shape, data.n_classes, settings.filters)
    yield encoder_phase(encoder, data, settings, training)
    published, size = settings.as_published, (data.image_shape, settings.latent_size, settings.filters)
    networks = stacked.generators(*size, data.n_classes, published), stacked.discriminators(*size, published)
    options = {"group_names": data.group_names, "name": "stacked_gan"}
    if published:
        model = PublishedStackedGAN(*networks, encoder, seed=training.seed, **options)
    else:
        model = StackedGAN(*networks, encoder, **options)
    model.compile(
        keras.optimizers.Adam(settings.d_learning_rate, beta_1=settings.beta_1, name="d_adam"),
        keras.optimizers.Adam(settings.g_learning_rate, beta_1=settings.beta_1, name="g_adam"),
        jit_compile=training.jit_compile,
    )

    def batches(start):
        return paired_batches(data, training.batch_size, settings.latent_size, training.seed, start)

    yield Phase("stack", model, batches, generator=model.generator)


@tf.autograph.experimental.do_not_convert
def images_and_labels(batch):
    """What a classifier is fitted on."""
    return batch.images, batch.labels


def encoder_phase(encoder, data, settings, training):
    """Returns the `Phase` in which E learns the classes of real images."""
    classifier = keras.Model(encoder.inputs, encoder.outputs[1], name="encoder_classifier")
    classifier.compile(
        keras.optimizers.Adam(name="e_adam"),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=training.jit_compile,
    )
    classifier.optimizer.build(classifier.trainable_variables)

    def batches(start):
        mixed = paired_batches(data, training.batch_size, settings.latent_size, training.seed, start)
        return mixed.map(images_and_labels)

    steps = settings.encoder_epochs * max(len(data) // training.batch_size, 1)
    return Phase("encoder", classifier, batches, steps, "encoder")
