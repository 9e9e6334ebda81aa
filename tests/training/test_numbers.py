"""The numbers of a run are those of `NUMBERS`. If they move, records from before and after must not be mixed.

If that is meant: raise `NUMBERS` in `sweeps/records.py`, say in the CHANGELOG what moves, and put
the new values here.
"""

import keras
import numpy as np
import pytest

from repfair_keras.data.images.load import load
from repfair_keras.runs.config import configure
from repfair_keras.sweeps.records import NUMBERS

VERSION = 1
# Means over twenty steps of the discriminator's loss on real and on generated images, and the generator's.
LOSSES = {
    "gan": (0.64678, 0.60714, 0.86234),
    "repfair": (1.14540, 0.37118, 1.37384),
    "alternation_only": (0.70605, 0.60252, 0.86024),
    "clipping_only": (1.01639, 0.39138, 1.31630),
    "group_balanced": (0.64949, 0.60993, 0.85271),
}
# The encoder's loss, that of the generator of codes, and the mean size of what it makes of fixed noise.
CODES = {
    "fld_wgan_gp": (21.905, 0.81293, 0.16355),
    "fld_lsgan": (21.905, 0.46040, 0.14056),
    "fld_dm": (21.905, 1.48255, 0.35084),
}


@pytest.mark.parametrize("method", LOSSES)
def test_twenty_steps(method):
    config = configure(
        method=method, filters=4, latent_size=8, batch_size=8, max_grad_norm=0.5, unread="drop"
    )
    keras.utils.set_random_seed(config.training.seed)
    (phase,) = config.phases(load("mnist_5k"))
    history = phase.model.fit(phase.batches(start=0), steps_per_epoch=20, shuffle=False, verbose=0).history
    found = tuple(history[name][0] for name in ("d_loss_real", "d_loss_fake", "g_loss"))
    assert NUMBERS == VERSION
    assert found == pytest.approx(LOSSES[method], rel=1e-3), found


@pytest.mark.parametrize("method", CODES)
def test_twenty_steps_on_codes(method):
    config = configure(dataset="diabetes", method=method, batch_size=32)
    keras.utils.set_random_seed(config.training.seed)
    found = []
    for phase in config.phases(config.modality.load(config)):
        fit = {"steps_per_epoch": 20, "shuffle": False, "verbose": 0}
        history = phase.model.fit(phase.batches(start=0), **fit).history
        found.append(history[{"fair_vae": "loss", "fld_dm": "v_loss"}.get(phase.model.name, "g_loss")][0])
    noise = np.random.default_rng(0).standard_normal((50, config.settings.latent_size)).astype(np.float32)
    found.append(float(np.abs(phase.generator([noise, np.arange(50) % 2], training=False)).mean()))
    assert found == pytest.approx(CODES[method], rel=1e-3), found
