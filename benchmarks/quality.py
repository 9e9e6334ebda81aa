"""Seconds and peak memory of each quality metric and of the memorisation check, on CPU.

Each one runs in a process of its own, so that its peak memory is not that of another. The peak holds the
interpreter, the libraries and the input too: the column before says how much that was.
"""

import argparse
import multiprocessing
import os
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np

FEATURES = 64
PIXELS = 784
GENERATED = 2_000  # images checked for copies
METRICS = ("frechet_distance", "kernel_distance", "precision_recall_density_coverage", "memorisation")


def main():
    options = parse_options()
    context = multiprocessing.get_context("spawn")  # a forked child would inherit the parent's peak
    for n in options.n:
        print(f"{n} x {n} images of {FEATURES} features; memorisation: {GENERATED} x {n} of {PIXELS} pixels")
        print(f"{'':34} seconds   MB before   MB at peak   limit")
        for name in METRICS:
            with ProcessPoolExecutor(1, mp_context=context) as worker:
                seconds, before, peak = worker.submit(measure, name, n).result()
            limit = 1500 if name == "memorisation" else 2000
            verdict = "kept" if peak < limit else "exceeded"
            print(f"{name:34} {seconds:7.2f} {before:11.0f} {peak:12.0f}   {limit} {verdict}", flush=True)
    print(f"{os.cpu_count()} CPU cores, load {os.getloadavg()[0]:.1f} at the end")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--n", type=int, nargs="+", default=[10_000], help="images; 50000 takes a few minutes"
    )
    return parser.parse_args()


def measure(name, n):
    """Returns seconds, and the peak memory in MB before and after."""
    import sklearn.neighbors  # noqa: F401 - its import is not what is timed

    from repfair_keras.metrics import fidelity as quality
    from repfair_keras.metrics import memorisation

    shapes = ((GENERATED, PIXELS), (n, PIXELS)) if name == "memorisation" else ((n, FEATURES),) * 2
    dtype = np.float32 if name == "memorisation" else np.float64
    rng = np.random.default_rng(0)
    first, second = (rng.standard_normal(shape, dtype=dtype) for shape in shapes)
    metric = getattr(memorisation if name == "memorisation" else quality, name)
    before, start = peak_mb(), time.perf_counter()
    metric(first, second)
    return time.perf_counter() - start, before, peak_mb()


def peak_mb():
    """Largest memory of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


if __name__ == "__main__":
    main()
