"""Real digits of known shares, measured as generated ones are, whatever the shares in training.

The groups are odd and even digits, which the classifier confuses as it does people. The same on faces, in full:
`benchmarks/known_shares.py`.
"""

import numpy as np
import pytest

import repfair_keras as rf
from repfair_keras.evaluation.images.attribute_classifier import attribute_classifier
from repfair_keras.evaluation.images.group_assignment import DECISION
from repfair_keras.evaluation.images.instruments import Attribute
from repfair_keras.evaluation.images.network_outputs import outputs_of_pixels
from repfair_keras.evaluation.images.representation import corrected

SHARES, SAMPLES, N, TRAINED = (0.05, 0.2, 0.5, 0.8, 0.95), 30, 400, 1500
NAMES = np.array(["even", "odd"])


@pytest.mark.parametrize("share", [0.5, 0.2, 0.05])
def test_intervals_hold_the_share_of_real_images_that_were_never_seen(share, digit_images):
    groups, rng = digit_images.labels % 2, np.random.default_rng(round(100 * share))
    even, odd = (rng.permutation(np.flatnonzero(groups == group)) for group in (0, 1))
    n = round(TRAINED * share)
    trained = np.concatenate([even[:n], odd[: TRAINED - n]])
    data = rf.ImageDataset.from_arrays(digit_images.pixels[trained], groups=NAMES[groups[trained]])
    classifier = attribute_classifier(data, steps=100, candidates=("small",))
    assert 0.7 < classifier.balanced_accuracy < 0.995  # it errs, or this would show nothing
    errors = Attribute(data, classifier).errors(DECISION)
    fresh = [
        classifier.calibration.chances(outputs_of_pixels(classifier.model, digit_images.pixels[rows])).argmax(
            axis=1
        )
        for rows in (even[n:], odd[TRAINED - n :])
    ]
    for true in SHARES:
        held = off = 0
        for repeat in range(SAMPLES):
            sizes = round(N * true), N - round(N * true)
            drawn = [rng.choice(seen, size, replace=False) for seen, size in zip(fresh, sizes, strict=True)]
            found = corrected(np.concatenate(drawn), errors, np.array([true, 1 - true]), seed=repeat)
            low, high = found["intervals"][0]
            held += low <= true <= high
            off += not found["on_target"]
        assert held >= 0.93 * SAMPLES, true
        assert off <= 0.08 * SAMPLES, true
