"""Seconds of a step with memory kept from step to step, and given back after each as TensorFlow asks for.

The two take turns in processes of their own, each of which has first trained the instruments of a report, as a run
does. A ratio above 1 says how many times as fast kept memory is.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

KEPT, GIVEN_BACK = "kept", "given back"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="turns of each")
    parser.add_argument("--steps", type=int, default=468, help="steps of each")
    parser.add_argument("--worker", choices=(KEPT, GIVEN_BACK), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker is not None:
        return work(options.worker, options.steps)
    seconds = {KEPT: [], GIVEN_BACK: []}
    for _ in range(options.repeats):
        for name, turns in seconds.items():
            command = [sys.executable, __file__, "--worker", name, "--steps", str(options.steps)]
            done = subprocess.run(
                command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            step, peak = map(float, done.stdout.split())
            turns.append(step)
            print(f"{name:10} {1000 * step:6.1f} ms a step, {peak:5.0f} MB at most", flush=True)
    ratios = [slow / fast for slow, fast in zip(seconds[GIVEN_BACK], seconds[KEPT], strict=True)]
    print(f"{median(ratios):.2f} times as fast with memory kept ({min(ratios):.2f} to {max(ratios):.2f})")


def work(name, steps):
    """Trains for some steps, and prints the seconds of one and the megabytes that it took."""
    import keras

    from repfair_keras.evaluation.images import classifier_candidates, fit_classifier
    from repfair_keras.runs.config import configure
    from repfair_keras.training import callbacks, run

    if name == GIVEN_BACK:
        for module in (callbacks, fit_classifier, classifier_candidates):
            module.keep_memory = lambda: None
    times = []
    clock = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: times.append(time.monotonic())
    )
    run.export = run.measure = lambda *arguments, **options: None
    config = configure(dataset="mnist_5k", steps=steps, instrument_steps=150)
    with tempfile.TemporaryDirectory() as folder:
        run.train(config, Path(folder) / "run", verbose=0, callbacks=[clock])
    per_call = steps / len(times)  # several steps are one call
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print((times[-1] - times[0]) / (len(times) - 1) / per_call, peak)


if __name__ == "__main__":
    main()
