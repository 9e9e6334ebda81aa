"""Freed memory is kept for the next tensors."""

import subprocess
import sys

import pytest

from repfair_keras.core import memory
from repfair_keras.training import callbacks

# Faults of a page while an array of 64 MB is made once more, as TensorFlow leaves glibc, and after `keep_memory`.
PROGRAM = """
import resource
import numpy as np
from repfair_keras.core.memory import _TRIM_THRESHOLD, _mallopt, keep_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    np.full(8_000_000, 1.0)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

_mallopt()(_TRIM_THRESHOLD, 128 * 1024)
faults()
given_back = faults()
keep_memory()
faults()
print(given_back, faults())
"""


@pytest.mark.skipif(memory._mallopt() is None, reason="the C library is not glibc")
def test_an_array_made_again_takes_the_memory_that_is_there():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    given_back, kept = map(int, done.stdout.split())
    assert kept * 20 < given_back


def test_another_c_library_is_left_alone(monkeypatch):
    monkeypatch.setattr(memory, "_mallopt", lambda: None)
    memory.keep_memory()


def test_training_asks_for_it_after_a_batch(monkeypatch):
    asked = []
    monkeypatch.setattr(callbacks, "keep_memory", lambda: asked.append(True))
    callbacks.StopAt(0, 4, 2).on_train_batch_end(0)
    assert asked
