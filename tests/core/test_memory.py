"""Freed memory is kept for the next tensors, and given back when there are no more."""

import subprocess
import sys
from pathlib import Path

import pytest

from repfair_keras.core import memory
from repfair_keras.training import callbacks

# Faults of a page while an array of 64 MB is made once more, as TensorFlow leaves glibc, and after `keep_memory`.
PROGRAM = """
import resource
import numpy as np
from repfair_keras.core.memory import _TRIM_THRESHOLD, _of_glibc, keep_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    np.full(8_000_000, 1.0)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

_of_glibc("mallopt")(_TRIM_THRESHOLD, 128 * 1024)
faults()
given_back = faults()
keep_memory()
faults()
print(given_back, faults())
"""


@pytest.mark.skipif(memory._of_glibc("mallopt") is None, reason="the C library is not glibc")
def test_an_array_made_again_takes_the_memory_that_is_there():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    given_back, kept = map(int, done.stdout.split())
    assert kept * 20 < given_back


# What a process holds once every other of many arrays is gone, and after `give_memory_back`, in MB.
PIECES = """
import numpy as np
from repfair_keras.core.memory import give_memory_back, keep_memory

def held():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

keep_memory()
arrays = [np.full(100_000, 1.0) for _ in range(400)]
del arrays[::2]
before = held()
give_memory_back()
print(before - held())
"""


@pytest.mark.skipif(
    memory._of_glibc("malloc_trim") is None or not Path("/proc/self/statm").exists(),
    reason="not glibc on Linux",
)
def test_what_is_free_between_arrays_is_given_back():
    done = subprocess.run([sys.executable, "-c", PIECES], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 120  # of 160


def test_another_c_library_is_left_alone(monkeypatch):
    monkeypatch.setattr(memory, "_of_glibc", lambda name: None)
    memory.keep_memory()
    memory.give_memory_back()


def test_training_asks_for_it_after_a_batch(monkeypatch):
    asked = []
    monkeypatch.setattr(callbacks, "keep_memory", lambda: asked.append(True))
    callbacks.StopAt(0, 4, 2).on_train_batch_end(0)
    assert asked
