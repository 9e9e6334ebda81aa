"""Diffusion of categories: noise that draws a category anew, what is known of the step before, and its loss.

With K categories, a category stays through step t with probability alpha_t and else becomes one of all K, each as
likely; after t steps it has stayed with probability abar_t, the product of the alphas.

Reference: Hoogeboom et al. 2021, Argmax Flows and Multinomial Diffusion: Learning Categorical Distributions, section 4.
"""

import tensorflow as tf

TINY = 1e-30  # in the place of 0 where a logarithm is taken


def drawn_anew(codes, kept, uniforms, size):
    """Draws x_t of x_0: C(x_t | abar_t x_0 + (1 - abar_t) / K).

    Args:
        codes: x_0, int32, shape `(n,)`.
        kept: abar_t of each row, shape `(n,)`.
        uniforms: in [0, 1), shape `(n,)`: below abar_t the category stays; above, the place says which it becomes.
        size: K.

    Returns:
        int32, shape `(n,)`.

    Examples:
        >>> import tensorflow as tf
        >>> drawn_anew(tf.constant([3, 3, 3]), tf.constant([0.5] * 3), tf.constant([0.4, 0.6, 0.9]), 4).numpy().tolist()
        [3, 0, 3]
    """
    place = (uniforms - kept) / tf.maximum(1.0 - kept, TINY) * size
    other = tf.cast(tf.clip_by_value(place, 0.0, size - 1.0), tf.int32)  # rounding may make it size
    return tf.where(uniforms < kept, codes, other)


def log_posterior(log_x0, noisy, stays, kept_before):
    """Log probabilities of x_{t-1}, given x_t and probabilities of x_0: theta_post of the paper.

    theta_post(x_t, x_0) is [alpha_t x_t + (1 - alpha_t) / K] * [abar_{t-1} x_0 + (1 - abar_{t-1}) / K], normalised.
    So it is at t = 1 too, with abar_0 = 1, where the paper takes the denoiser's x_0 as it is: what the denoiser has to
    say is so the same at all steps, which x_0 is likely before x_t of the column itself is looked at.

    Args:
        log_x0: log probabilities of x_0, shape `(n, K)`.
        noisy: x_t, int32, shape `(n,)`.
        stays: alpha_t of each row, shape `(n,)`.
        kept_before: abar_{t-1} of each row, above 0, shape `(n,)`.

    Returns:
        float32, shape `(n, K)`.

    Examples:
        >>> import tensorflow as tf
        >>> before = log_posterior(tf.math.log([[0.8, 0.2]]), tf.constant([1]), tf.constant([0.6]), tf.constant([0.5]))
        >>> [round(float(share), 3) for share in tf.exp(before[0])]  # 0.65 * 0.2 against 0.35 * 0.8
        [0.317, 0.683]
    """
    size = log_x0.shape[-1]
    stays, before = stays[:, None], kept_before[:, None]
    same = tf.one_hot(noisy, size, on_value=True, off_value=False, dtype=tf.bool)
    other = tf.maximum((1.0 - stays) / size, TINY)
    here = tf.math.log(tf.where(same, stays + other, other))
    drawn_before = tf.math.log(tf.maximum((1.0 - before) / size, TINY))
    # log(abar x_0 + (1 - abar) / K), of logarithms
    there = drawn_before + tf.math.softplus(tf.math.log(before) + log_x0 - drawn_before)
    return tf.nn.log_softmax(here + there)


def multinomial_kl(logits, codes, noisy, stays, kept_before):
    """L_{t-1}: the divergence of what the denoiser says of x_{t-1} from what x_0 says of it.

    Args:
        logits: what the denoiser says of x_0, shape `(n, K)`.
        codes: x_0, int32, shape `(n,)`.
        noisy, stays, kept_before: as of `log_posterior`.

    Returns:
        KL(theta_post(x_t, x_0) | theta_post(x_t, softmax(logits))) of each row, in nats, shape `(n,)`; at t = 1 this is
        -log of the probability of x_0.

    Examples:
        >>> import tensorflow as tf
        >>> logits, one = tf.math.log([[0.8, 0.2]]), tf.constant([1.0])
        >>> round(float(multinomial_kl(logits, tf.constant([0]), tf.constant([0]), 0.0 * one, one)[0]), 3)  # -log(0.8)
        0.223
    """
    known = tf.math.log(tf.maximum(tf.one_hot(codes, logits.shape[-1]), TINY))
    true = log_posterior(known, noisy, stays, kept_before)
    told = log_posterior(tf.nn.log_softmax(logits), noisy, stays, kept_before)
    return tf.reduce_sum(tf.exp(true) * (true - told), axis=1)
