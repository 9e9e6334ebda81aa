"""The numbers of a run are those of `NUMBERS`. If they move, records from before and after must not be mixed.

If that is meant: put the new values and the next version into `runs/numbers.json`, add the digest below, and say in
the CHANGELOG what moves.
"""

import keras
import numpy as np
import pytest

from repfair_keras.data.images.load import load
from repfair_keras.runs.config import configure
from repfair_keras.runs.numbers import NUMBERS, STORED, digest

# Digest of the values of each version: those of a version that is out do not change any more.
DIGESTS = {1: "5ead4003", 2: "5ead4003"}  # 2: what reports measure images with moved, no training
# Means over twenty steps of the discriminator's loss on real and on generated images, and the generator's.
LOSSES = STORED["losses"]
# The encoder's loss, that of the generator of latents, and the mean size of what it makes of fixed noise.
LATENTS = STORED["latents"]


def test_the_values_of_a_version_stay():
    assert digest() == DIGESTS.get(NUMBERS), "values moved: raise `version` in runs/numbers.json too"


@pytest.mark.parametrize("method", LOSSES)
def test_twenty_steps(method):
    config = configure(
        method=method, filters=4, latent_size=8, batch_size=8, max_grad_norm=0.5, unread="drop"
    )
    keras.utils.set_random_seed(config.training.seed)
    (phase,) = config.phases(load("mnist_5k"))
    history = phase.model.fit(phase.batches(start=0), steps_per_epoch=20, shuffle=False, verbose=0).history
    found = tuple(history[name][0] for name in ("d_loss_real", "d_loss_fake", "g_loss"))
    assert found == pytest.approx(LOSSES[method], rel=1e-3), found


@pytest.mark.slow
@pytest.mark.parametrize("method", LATENTS)
def test_twenty_steps_on_latents(method):
    config = configure(dataset="diabetes", method=method, batch_size=32)
    keras.utils.set_random_seed(config.training.seed)
    found = []
    for phase in config.phases(config.modality.load(config)):
        fit = {"steps_per_epoch": 20, "shuffle": False, "verbose": 0}
        history = phase.model.fit(phase.batches(start=0), **fit).history
        found.append(history[{"fair_vae": "loss", "fld_dm": "v_loss"}.get(phase.model.name, "g_loss")][0])
    noise = np.random.default_rng(0).standard_normal((50, config.settings.latent_size)).astype(np.float32)
    found.append(float(np.abs(phase.generator([noise, np.arange(50) % 2], training=False)).mean()))
    assert found == pytest.approx(LATENTS[method], rel=1e-3), found
