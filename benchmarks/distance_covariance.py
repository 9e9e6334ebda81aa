"""Seconds and peak memory of the fairness penalty's value and gradient, against its printed formula."""

import argparse
import multiprocessing
import os
import resource
import statistics
import time
from concurrent.futures import ProcessPoolExecutor

SIZE = 8  # dimensions of the codes
TARGET = 2.0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=2048, help="codes in a batch")
    parser.add_argument("--groups", type=int, nargs="+", default=[2, 8], help="numbers of groups")
    parser.add_argument("--repeats", type=int, default=7, help="timed calls of each")
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")  # peak memory is a process's own
    for k in options.groups:
        seconds = {}
        for name in ("ours", "formula"):
            with ProcessPoolExecutor(1, mp_context=context) as worker:
                times, megabytes = worker.submit(measure, name, options.n, k, options.repeats).result()
            seconds[name] = statistics.median(times)
            line = f"{seconds[name]:.3f} s ({min(times):.3f} to {max(times):.3f}), {megabytes:.0f} MB more"
            print(f"{k} groups, {name:8} {line}", flush=True)
        ratio = seconds["formula"] / seconds["ours"]
        verdict = "reached" if ratio >= TARGET else "not reached"
        print(f"{k} groups: {ratio:.1f} times as fast; target {TARGET:g}: {verdict}")


def measure(name, n, k, repeats):
    """Returns the seconds of each call, and the megabytes by which the process grew."""
    os.environ |= {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    import numpy as np
    import tensorflow as tf

    from repfair_keras.losses.distance_covariance import distance_covariance

    penalty = distance_covariance if name == "ours" else formula
    rng = np.random.default_rng(0)
    codes = [tf.constant(rng.normal(size=(n, SIZE)), tf.float32) for _ in range(2)]
    groups = tf.constant(np.arange(n) % k, tf.int32)

    @tf.function
    def value_and_gradient():
        with tf.GradientTape() as tape:
            tape.watch(codes)
            value = penalty(*codes, groups)
        return value, tape.gradient(value, codes)

    tf.linalg.matmul(codes[0], codes[1], transpose_b=True)  # what TensorFlow itself takes is not counted
    before, times = peak(), []
    value_and_gradient()
    for _ in range(repeats):
        started = time.monotonic()
        value_and_gradient()[0].numpy()
        times.append(time.monotonic() - started)
    return times, peak() - before


def formula(mean, log_variance, groups):
    """V^2 as printed: a kernel for each pair of sets."""
    import numpy as np
    import tensorflow as tf

    variance = tf.exp(log_variance)
    n = tf.cast(tf.size(groups), tf.float32)

    def mean_kernel(a, b):
        (mean_a, variance_a), (mean_b, variance_b) = a, b
        total = variance_a[:, None] + variance_b[None]
        squares = (mean_a[:, None] - mean_b[None]) ** 2 / total
        return tf.reduce_mean(tf.exp(-0.5 * tf.reduce_sum(tf.math.log(2 * np.pi * total) + squares, axis=2)))

    every = mean, variance
    value = 0.0
    for s in range(int(tf.reduce_max(tf.get_static_value(groups))) + 1):
        rows = tf.where(groups == s)[:, 0]
        own = tf.gather(mean, rows), tf.gather(variance, rows)
        share = tf.cast(tf.size(rows), tf.float32) / n
        value += share**2 * (mean_kernel(every, every) + mean_kernel(own, own) - 2 * mean_kernel(own, every))
    return value


def peak():
    """Largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
