"""The numbers of a run are those of `NUMBERS`. If they move, records from before and after must not be mixed.

If that is meant: raise `NUMBERS` in `experiments/records.py`, say in the CHANGELOG what moves, and put
the new values here.
"""

import keras
import pytest

from repfair_keras.data.load import load
from repfair_keras.experiments.config import Config
from repfair_keras.experiments.records import NUMBERS
from repfair_keras.registry import lookup

VERSION = 1
# Means over twenty steps of the discriminator's loss on real and on generated images, and the generator's.
LOSSES = {
    "gan": (0.64678, 0.60714, 0.86234),
    "repfair": (1.14540, 0.37118, 1.37384),
    "alternation_only": (0.70605, 0.60252, 0.86024),
    "clipping_only": (1.01639, 0.39138, 1.31630),
    "group_balanced": (0.64949, 0.60993, 0.85271),
}


@pytest.mark.parametrize("method", LOSSES)
def test_twenty_steps(method):
    config = Config(method=method, filters=4, latent_size=8, batch_size=8, max_grad_norm=0.5).resolve()
    keras.utils.set_random_seed(config.seed)
    (phase,) = lookup("method", method)(load("mnist_5k"), config)
    history = phase.model.fit(phase.batches(start=0), steps_per_epoch=20, shuffle=False, verbose=0).history
    found = tuple(history[name][0] for name in ("d_loss_real", "d_loss_fake", "g_loss"))
    assert NUMBERS == VERSION
    assert found == pytest.approx(LOSSES[method], rel=1e-3), found
