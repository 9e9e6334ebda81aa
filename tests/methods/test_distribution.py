"""Two devices give what one gives: gradients are averaged before they are clipped."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = """
import json, sys
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
sys.path.insert(0, sys.argv[1])
from linear_gan import linear_data, linear_gan, weights
from repfair_keras.data.batches import alternating_batches
from repfair_keras.methods.repfair import RepFairGAN

data, results, options = linear_data(2), {}, json.loads(sys.argv[2])
for name, devices in {"one": ["CPU:0"], "two": ["CPU:0", "CPU:1"]}.items():
    with tf.distribute.MirroredStrategy(devices).scope():
        model = linear_gan(RepFairGAN, data, max_grad_norm=0.3, **options)
    log = model.fit(alternating_batches(data, 8, 3, 5), steps_per_epoch=6, shuffle=False, verbose=0).history
    results[name] = [w.ravel().tolist() for w in weights(model)] + [[log["step_norm/group 0"][0]]]
print("RESULTS", json.dumps(results))
"""


EVERY_KIND = ["colour", "translation", "cutout", "flip"]
OF_TODAY = {
    "paper": {},
    "relativistic": {
        "objective": {"loss": "relativistic", "update": "joint", "r1": 0.5, "r2": 0.3, "augment": EVERY_KIND},
        "ema": 0.5,
    },
    "wasserstein_gp": {"objective": {"loss": "wasserstein_gp", "update": "joint"}},
}


def on_devices(options):
    folder = str(Path(__file__).parent)
    command = [sys.executable, "-c", SCRIPT, folder, json.dumps(options)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
@pytest.mark.parametrize("objective", OF_TODAY)
def test_two_logical_devices_equal_one(objective):
    done = on_devices(OF_TODAY[objective])
    assert done.returncode == 0, done.stderr[-3000:]
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULTS"))
    results = json.loads(line.removeprefix("RESULTS"))
    for one, two in zip(results["one"], results["two"], strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_several_steps_of_the_discriminator_are_refused_under_a_strategy():
    done = on_devices({"objective": {"d_steps": 2}})
    assert "d_steps is 2, but replicas cannot agree inside a branch" in done.stderr
