"""Real images of known shares, measured as generated ones are: does the interval of the report hold the truth?

    python benchmarks/known_shares.py faces.npz sex --out known_shares.json

A classifier is trained on some images, in which the first group of the column has a given share. Samples of known
shares are drawn, without replacement, from images that it has never seen. The file is an `.npz` with `images`, uint8
of shape `(N, height, width, channels)`, and one array per column.
"""

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

import repfair_keras as rf
from repfair_keras.evaluation.images.attribute_classifier import attribute_classifier
from repfair_keras.evaluation.images.cannot_tell import cannot_tell
from repfair_keras.evaluation.images.group_assignment import Decision
from repfair_keras.evaluation.images.instruments import Attribute
from repfair_keras.evaluation.images.network_outputs import outputs_of_pixels
from repfair_keras.evaluation.images.representation import classifier_errors, corrected
from repfair_keras.metrics.calibration import expected_calibration_error

FRESH = 5000  # images of each group, at most, that samples are drawn from


def measure(images, groups, names, training_share, options):
    """Returns what one classifier makes of samples of all shares, as a dict."""
    rng = np.random.default_rng((options.seed, round(100 * training_share)))
    first, second = (rng.permutation(np.flatnonzero(groups == group)) for group in (0, 1))
    n = round(options.n_train * training_share)
    trained = np.concatenate([first[:n], second[: options.n_train - n]])
    fresh = first[n:][:FRESH], second[options.n_train - n :][:FRESH]
    data = rf.ImageDataset.from_arrays(images[trained], groups=names[groups[trained]], labels=None)
    started = time.monotonic()
    classifier = attribute_classifier(data, seed=options.seed)
    seconds, decision = time.monotonic() - started, Decision()
    chances = [
        classifier.calibration.chances(outputs_of_pixels(classifier.model, images[rows])) for rows in fresh
    ]
    leaning, least = [part.argmax(axis=1) for part in chances], decision.thresholds(classifier)
    errors = classifier_errors(Attribute(data, classifier), decision)
    recalls = [float(np.mean(seen == group)) for group, seen in enumerate(leaning)]
    return {
        "training_share": training_share,
        "seconds": seconds,
        "candidate": classifier.candidate,
        "cannot_tell": list(cannot_tell(errors, data.group_names, options.n)),
        "n_tested": classifier.confusion.sum(axis=1).tolist(),
        "recalls_tested": list(classifier.by_group),
        "recalls": recalls,
        "balanced_accuracy": float(np.mean(recalls)),
        "ece": [expected_calibration_error(part, np.full(len(part), g)) for g, part in enumerate(chances)],
        "undecided": [float(np.mean(part.max(axis=1) < least[part.argmax(axis=1)])) for part in chances],
        "cells": [_cell(leaning, errors, share, options, rng) for share in options.shares],
    }


def _cell(leaning, errors, share, options, rng):
    sizes = round(options.n * share), options.n - round(options.n * share)
    target, found = np.array([share, 1 - share]), []
    for repeat in range(options.repeats):
        drawn = [rng.choice(seen, size, replace=False) for seen, size in zip(leaning, sizes, strict=True)]
        part = corrected(np.concatenate(drawn), errors, target, seed=repeat)
        low, high = part["intervals"][0]
        found.append(
            (low <= share <= high, not part["on_target"], high - low, part["proportions"][0] - share)
        )
    return dict(
        zip(("coverage", "off_target", "width", "bias"), map(float, np.mean(found, axis=0)), strict=True)
    ) | {"share": share}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("column")
    parser.add_argument("--training_shares", type=float, nargs="+", default=[0.5, 0.2, 0.05])
    parser.add_argument("--shares", type=float, nargs="+", default=[0.05, 0.2, 0.5, 0.8, 0.95])
    parser.add_argument("--n_train", type=int, default=5000)
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default="known_shares.json")
    options = parser.parse_args()
    with np.load(options.file, allow_pickle=False) as stored:
        images, column = stored["images"], stored[options.column]
    values, groups = np.unique(column, return_inverse=True)
    names, out = np.array([f"{options.column} {value}" for value in values]), Path(options.out)
    done = json.loads(out.read_text()) if out.is_file() else []
    for share in options.training_shares:
        key = {"column": options.column, "seed": options.seed}
        if any({**key, "training_share": share}.items() <= row.items() for row in done):
            continue
        row = {**key, **measure(images, groups, names, share, options)}
        done.append(row)
        out.write_text(json.dumps(done, indent=1))
        print({name: value for name, value in row.items() if name != "cells"})
        for cell in row["cells"]:
            print(" ", {name: round(value, 3) for name, value in cell.items()}, flush=True)


if __name__ == "__main__":
    main()
