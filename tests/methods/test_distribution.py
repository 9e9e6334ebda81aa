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

data, results = linear_data(2), {}
for name, devices in {"one": ["CPU:0"], "two": ["CPU:0", "CPU:1"]}.items():
    with tf.distribute.MirroredStrategy(devices).scope():
        model = linear_gan(RepFairGAN, data, max_grad_norm=0.3)
    log = model.fit(alternating_batches(data, 8, 3, 5), steps_per_epoch=6, shuffle=False, verbose=0).history
    results[name] = [w.ravel().tolist() for w in weights(model)] + [[log["step_norm/group 0"][0]]]
print("RESULTS", json.dumps(results))
"""


@pytest.mark.slow
def test_two_logical_devices_equal_one():
    folder = str(Path(__file__).parent)
    done = subprocess.run([sys.executable, "-c", SCRIPT, folder], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULTS"))
    results = json.loads(line.removeprefix("RESULTS"))
    for one, two in zip(results["one"], results["two"], strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-5, atol=1e-6)
