"""Images per second from an exported SavedModel, against the bare forward pass of the Keras model, on CPU."""

import argparse
import os
import tempfile
import time
from pathlib import Path
from statistics import median

PRESETS = ("small", "paper", "modern", "modern_medium")
BATCH = 256
TARGET = 0.9
SECONDS = 1.0  # a turn repeats its call for this long


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=(*PRESETS, "all"), default="all")
    parser.add_argument("--n", type=int, nargs="+", default=[BATCH, 10 * BATCH], help="images per call")
    parser.add_argument("--repeats", type=int, default=9, help="turns of each contestant")
    options = parser.parse_args()
    os.environ |= {"CUDA_VISIBLE_DEVICES": "-1", "KERAS_BACKEND": "tensorflow"}
    for preset in PRESETS if options.preset == "all" else [options.preset]:
        for n in options.n:
            compare(preset, n, options.repeats)


def compare(preset, n, repeats):
    """Lets the contestants take turns and prints images per second, and whether the target is reached."""
    calls = contestants(preset, n)
    for call in calls.values():
        call()  # traces and loads
    turns = [{name: images_per_second(call, n) for name, call in calls.items()} for _ in range(repeats)]
    print(f"preset {preset}, {n} images per call, {repeats} turns")
    print(f"{'':26} images/s   ratio to the bare forward pass")
    for name in calls:
        ratios = [turn[name] / turn["bare forward pass"] for turn in turns]
        rate = median(turn[name] for turn in turns)
        print(f"{name:26} {rate:8.0f}   {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    if n == BATCH:
        verdict = "reached" if median(ratios) >= TARGET else "not reached"
        print(f"target: at least {TARGET} x the bare forward pass: {median(ratios):.3f}, {verdict}")
    print(flush=True)


def contestants(preset, n):
    """Returns `{name: function that makes n images}`, the SavedModel last."""
    import numpy as np
    import tensorflow as tf

    from repfair_keras.data.images.load import load
    from repfair_keras.export.image_endpoints import export_generator
    from repfair_keras.export.image_sampler import ImageSampler
    from repfair_keras.runs.config import configure

    data, config = load("mnist_5k"), configure(preset=preset, method="gan")
    generator = next(config.phases(data)).generator
    with tempfile.TemporaryDirectory() as folder:
        export_generator(generator, Path(folder, "generator"), data.n_classes)
        sampler = ImageSampler(Path(folder, "generator"))

    forward = tf.function(lambda z, label: generator([z, label], training=False), reduce_retracing=True)
    labels = np.arange(n, dtype=np.int32) % data.n_classes
    latents = tf.random.stateless_normal((n, generator.inputs[0].shape[-1]), (0, 0))
    batches = [(latents[i : i + BATCH], tf.constant(labels[i : i + BATCH])) for i in range(0, n, BATCH)]
    return {
        "bare forward pass": lambda: [forward(*batch).numpy() for batch in batches],
        "keras predict": lambda: generator.predict([latents, labels], BATCH, verbose=0),
        "SavedModel, drawn labels": lambda: sampler.generate(n, 0),
        "SavedModel, given labels": lambda: sampler.generate(n, 0, labels),
    }


def images_per_second(call, n):
    start, calls = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        call()
        calls += 1
    return calls * n / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
