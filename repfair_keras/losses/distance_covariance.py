"""Distance covariance of uncertain codes and groups: the penalty that makes codes fair."""

import math

import tensorflow as tf

LOG_2_PI = math.log(2 * math.pi)


def distance_covariance(mean, log_variance, groups, unbiased=False):
    """Squared distance between p(z, s) and p(z) p(s), for codes that are Gaussians: V^2(Z, S).

    V^2 = sum_s (n_s / n)^2 [I(all, all) + I(s, s) - 2 I(s, all)], where I(A, B) is the mean over i in A and
    j in B of N(mean_i - mean_j; 0, variance_i + variance_j). The kernel is computed once: every pair (i, j)
    has the weight sum_s p_s^2 + [s_i = s_j] - p_{s_i} - p_{s_j} in the sum, with p_s = n_s / n.

    That is a V-statistic: a code is paired with itself too, which adds (1 - sum_s p_s^2) / n times the mean of
    N(0; 0, 2 variance_i) even where codes tell nothing of the group, and more in smaller batches. The U-statistic
    pairs different codes alone, each I(s, s) being the mean over n_s (n_s - 1) pairs: its mean over batches does not
    depend on their size.

    Value and gradient take memory of some n^2 numbers a dimension, whatever the number of groups.

    Args:
        mean: float32, shape `(n, d)`: means of the codes.
        log_variance: float32, shape `(n, d)`: logarithms of their variances.
        groups: int32, shape `(n,)`.
        unbiased: whether it is the U-statistic.

    Returns:
        Scalar: 0 where the codes of all groups are distributed alike; the V-statistic is at least 0 up to rounding,
        the U-statistic can be below.

    Reference: Liu et al. 2022 (FairDisCo), eq. 9; the penalty of FLDGM.
    """
    return _covariance(mean, log_variance, _pair_weights(groups, unbiased))


def _pair_weights(groups, unbiased):
    """Weight of every pair in the mean, divided by n^2; shape `(n, n)`."""
    same = tf.cast(groups[:, None] == groups[None, :], tf.float32)
    n = tf.cast(tf.size(groups), tf.float32)
    own = tf.reduce_mean(same, axis=1)  # p_{s_i}
    weights = (tf.reduce_mean(own) + same - own[:, None] - own[None, :]) / n**2
    if not unbiased:
        return weights
    size = tf.reduce_sum(same, axis=1)
    alone = size < 2  # no other code of its group
    factor = tf.where(alone, 0.0, size / tf.where(alone, 1.0, size - 1))
    return tf.linalg.set_diag(tf.where(same > 0, weights * factor[:, None], weights), tf.zeros_like(own))


@tf.custom_gradient
def _covariance(mean, log_variance, weights):
    # Outside of a graph, a tape would else derive the function below too, whose gradient is given here.
    of_nothing = map(tf.stop_gradient, (mean, log_variance))
    value, d_mean, d_log_variance = _value_and_gradient(*of_nothing, weights)

    def gradient(upstream):
        return upstream * d_mean, upstream * d_log_variance, None

    return value, gradient


@tf.function(jit_compile=True, autograph=False)
def _value_and_gradient(mean, log_variance, weights):
    """V^2 and its gradient with respect to means and log variances, one dimension of the codes at a time."""
    variance = tf.exp(log_variance)
    size = mean.shape[1]
    log_kernel = tf.fill(tf.shape(weights), -0.5 * size * LOG_2_PI)
    for k in range(size):
        difference, total = _pair(mean[:, k], variance[:, k])
        log_kernel -= 0.5 * (tf.math.log(total) + difference**2 / total)
    terms = weights * tf.exp(log_kernel)
    d_mean, d_variance = [], []
    for k in range(size):
        difference, total = _pair(mean[:, k], variance[:, k])
        ratio = difference / total
        d_mean.append(tf.reduce_sum(-2.0 * terms * ratio, axis=1))  # i is in (i, j) and in (j, i)
        d_variance.append(tf.reduce_sum(terms * (ratio**2 - 1.0 / total), axis=1))
    return tf.reduce_sum(terms), tf.stack(d_mean, axis=1), variance * tf.stack(d_variance, axis=1)


def _pair(mean, variance):
    """Differences of means and sums of variances of all pairs, each of shape `(n, n)`."""
    return mean[:, None] - mean[None, :], variance[:, None] + variance[None, :]
